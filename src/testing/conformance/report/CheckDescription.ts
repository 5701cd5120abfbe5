import type { CheckId } from "./CheckId.ts"

/** What a check looks at, where PROTOCOL.md asks for it, and what to do if it fails. */
export interface CheckDescription {
  /** The heading in PROTOCOL.md. */
  readonly section: string
  /** What a plugin that passes does: `answers the handshake`. */
  readonly title: string
  /** What to change in the plugin. */
  readonly remedy: string
}

/** The descriptions of one group of checks. */
export type Descriptions<Id extends CheckId> = Partial<Readonly<Record<Id, CheckDescription>>>

/** The headings of PROTOCOL.md. */
export const sections = {
  process: "2. The process",
  frames: "3. Frames",
  handshake: "4. The handshake",
  calls: "5. The calls",
  duties: "6. What the plugin owes",
} as const
