/** What a check looks at, where PROTOCOL.md says so, and what to do where it fails. */
import type { CheckId } from "./CheckId.ts"

export interface CheckDescription {
  /** The heading in PROTOCOL.md. */
  readonly section: string
  readonly title: string
  readonly remedy: string
}

/** Of the checks of one group. */
export type Descriptions<Id extends CheckId> = Partial<Readonly<Record<Id, CheckDescription>>>

/** Headings of PROTOCOL.md. */
export const sections = {
  process: "2. The process",
  frames: "3. Frames",
  handshake: "4. The handshake",
  calls: "5. The calls",
  duties: "6. What the plugin owes",
} as const
