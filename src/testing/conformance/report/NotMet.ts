/** Why a check did not pass, as the failure of the effect that looks. */
import * as Data from "effect/Data"
import type { CheckStatus } from "./Report.ts"

export class NotMet extends Data.TaggedError("NotMet")<{
  readonly status: Exclude<CheckStatus, "passed">
  /** Empty where it was skipped. */
  readonly expected: string
  /** What was seen instead, or why it was skipped. */
  readonly seen: string
}> {}

export const unmet = (expected: string, seen: string): NotMet => new NotMet({ status: "failed", expected, seen })

/** What should be, and need not be. */
export const notAsItShould = (expected: string, seen: string): NotMet =>
  new NotMet({ status: "warned", expected, seen })

export const skip = (why: string): NotMet => new NotMet({ status: "skipped", expected: "", seen: why })

const longest = 400

/** A value in a sentence. */
export const show = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}
