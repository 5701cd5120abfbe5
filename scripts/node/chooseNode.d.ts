export type NodeChoice =
  | { readonly _tag: "this" }
  | { readonly _tag: "package"; readonly name: string; readonly program: string }
  | { readonly _tag: "none" }

export declare const packages: Readonly<Record<string, string>>

export declare const chooseNode: (running: {
  readonly version: string
  readonly platform: string
  readonly arch: string
}) => NodeChoice
