/** How an operation is expected to end. */
import * as Effect from "effect/Effect"
import type { Failed, Finished, Succeeded } from "../../../protocol/Progress.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import { show } from "../report/show.ts"

export const describeFinished = (end: Finished): string =>
  end.status === "Failed"
    ? `Failed, ${end.failure.code}: ${end.failure.message}`
    : `Succeeded: ${end.nativeId} with ${show(Object.keys(end.properties))}`

/** `operation` is how a report names the call. */
export const expectSuccess = (
  operation: string,
  call: Effect.Effect<Finished, Finding>,
): Effect.Effect<Succeeded, Finding> =>
  Effect.filterOrFail(
    call,
    (end): end is Succeeded => end.status === "Succeeded",
    (end) => mismatch(`Succeeded from ${operation}`, describeFinished(end)),
  )

export const expectFailure = (
  code: Failed["failure"]["code"],
  call: Effect.Effect<Finished, Finding>,
): Effect.Effect<Failed, Finding> =>
  Effect.filterOrFail(
    call,
    (end): end is Failed => end.status === "Failed" && end.failure.code === code,
    (end) => mismatch(`Failed with ${code}`, describeFinished(end)),
  )
