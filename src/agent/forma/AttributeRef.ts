/** References that the compiler checks. */
import type * as Schema from "effect/Schema"

/** An attribute of another resource, wherever a value of the type `A` is wanted. `ref` of a `DeclaredResource` makes one. */
export interface AttributeRef<out A> {
  /** `label.Attribute`, as in a document. */
  readonly $ref: string
  /** For the compiler only: no such value exists. */
  readonly "~formae/value": A
}

/** A text with values in it, wherever a string is wanted. `Forma.text` makes one. */
export interface DeclaredText {
  /** For the compiler only: no such value exists. */
  readonly "~formae/text": string
}

/** A value of the type `A` in which each part, at any depth, may be a reference to a value of its type, and each string a text. */
export type WithRefs<A> = unknown extends A
  ? A
  : | AttributeRef<Exclude<A, undefined>>
    | (string extends A ? DeclaredText : never)
    | (Schema.Json extends A ? JsonWithRefs : PartsWithRefs<A>)

/** The parts of a value of the type `A`, each with references. Distributes over the members of a union, which `AttributeRef` must not. */
export type PartsWithRefs<A> = A extends object ? { readonly [Key in keyof A]: WithRefs<A[Key]> } : A

/** Any JSON in which each part may be a reference, and each string a text. */
export type JsonWithRefs =
  | string
  | number
  | boolean
  | null
  | AttributeRef<unknown>
  | DeclaredText
  | ReadonlyArray<JsonWithRefs>
  | { readonly [key: string]: JsonWithRefs }
