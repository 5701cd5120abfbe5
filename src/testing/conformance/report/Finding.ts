import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { CheckStatus } from "./Report.ts"

/** Why a check did not pass, as the error of the effect that looks. */
export class Finding extends Data.TaggedError("Finding")<{
  readonly status: Exclude<CheckStatus, "passed">
  /** Empty if it was skipped. */
  readonly expected: string
  /** What was seen instead, or why it was skipped. */
  readonly seen: string
}> {}

/** What must be so, and is not: the check fails. */
export const mismatch = (expected: string, seen: string): Finding => new Finding({ status: "failed", expected, seen })

/** What should be so, and is not: the check warns. */
export const warning = (expected: string, seen: string): Finding => new Finding({ status: "warned", expected, seen })

/** What cannot be looked at: the check is skipped. */
export const skip = (why: string): Finding => new Finding({ status: "skipped", expected: "", seen: why })

export const expectThat = (holds: boolean, otherwise: Finding): Effect.Effect<void, Finding> =>
  holds ? Effect.void : Effect.fail(otherwise)
