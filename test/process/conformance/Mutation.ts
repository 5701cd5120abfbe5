import type { CheckId } from "../../../src/testing/conformance/index.ts"

/** A mistake that is planted into a plugin that does everything right. */
export interface Mutation {
  /** What the plugin does wrong: its name in the fixture. */
  readonly fault: string
  /** The ids of what it breaks in PROTOCOL.md; none if that is a SHOULD, or is said without MUST. */
  readonly musts: ReadonlyArray<string>
  /** Exactly the checks that fail. */
  readonly fails: ReadonlyArray<CheckId>
  /** Exactly the checks that warn: what they look at is a SHOULD. */
  readonly warns: ReadonlyArray<CheckId>
  /** Why no check finds it. */
  readonly unseen?: string
}

/** The musts, the fault, and the checks that fail and that warn. */
export type Row = readonly [
  musts: ReadonlyArray<string>,
  fault: string,
  fails: ReadonlyArray<CheckId>,
  warns?: ReadonlyArray<CheckId>,
]
