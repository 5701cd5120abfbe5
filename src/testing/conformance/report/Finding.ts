/** Why a check did not pass, as the failure of the effect that looks. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { CheckStatus } from "./Report.ts"

export class Finding extends Data.TaggedError("Finding")<{
  readonly status: Exclude<CheckStatus, "passed">
  /** Empty where it was skipped. */
  readonly expected: string
  /** What was seen instead, or why it was skipped. */
  readonly seen: string
}> {}

export const mismatch = (expected: string, seen: string): Finding => new Finding({ status: "failed", expected, seen })

/** What should be, and need not be. */
export const warning = (expected: string, seen: string): Finding => new Finding({ status: "warned", expected, seen })

export const skip = (why: string): Finding => new Finding({ status: "skipped", expected: "", seen: why })

export const expectThat = (holds: boolean, otherwise: Finding): Effect.Effect<void, Finding> =>
  holds ? Effect.void : Effect.fail(otherwise)
