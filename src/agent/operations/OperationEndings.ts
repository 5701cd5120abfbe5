/** The ways in which one operation can end, or be left, each with its record. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { mask } from "../../protocol/Masking.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { noChange, changeOfPart, changeOfSuccess } from "../records/InventoryChange.ts"
import type { Crash, JournalEntry, JournalStatus } from "../records/JournalEntry.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import { attentionMessage, openMessage } from "./Attention.ts"
import { ChangeFailed, codeOf, type FailureReason } from "./ChangeFailed.ts"
import type { OperationFacts } from "./OperationFacts.ts"

/** An operation that did what it was to do. */
export interface Done {
  readonly finished: Succeeded
  /** How often it was sent to the provider, over all launches. */
  readonly attempts: number
  /** The losses of the plugin that it survived. */
  readonly crashes: ReadonlyArray<Crash>
}

/** An ending that is recorded, and then reported as a failure. */
type Failing = Effect.Effect<never, ChangeFailed | SqlError>

export interface OperationEndings {
  readonly succeed: (finished: Succeeded) => Effect.Effect<Done, SqlError>
  /** It has certainly failed. */
  readonly fail: (reason: FailureReason, message: string) => Failing
  /** The next plan will see what it has done. */
  readonly leaveToPlan: (reason: FailureReason, message: string) => Failing
  /** What became of it cannot be found out now: the next command asks again, or a human has to settle it. */
  readonly leaveOpen: (reason: FailureReason, message: string) => Failing
  /** It has done nothing, and is not continued. */
  readonly cancel: Effect.Effect<void, SqlError>
  /** A failure with what is known, which records nothing. */
  readonly failure: (reason: FailureReason, message: string) => ChangeFailed
}

export const makeOperationEndings = (
  journal: OperationJournal["Service"],
  entry: JournalEntry,
  facts: OperationFacts,
  /** `secrets`: what no message may show. */
  {
    capabilities,
    secrets,
  }: { readonly capabilities: TypeCapabilities | undefined; readonly secrets: ReadonlyArray<string> },
): OperationEndings => {
  const { kind, operationId } = entry

  const failure = (reason: FailureReason, message: string) => {
    const { attempts, crashes, nativeId } = facts
    return new ChangeFailed({
      reason,
      message: mask(message, secrets),
      attempts,
      ...(crashes.length === 0 ? {} : { crashes }),
      ...(nativeId === null ? {} : { nativeId }),
    })
  }

  const endAs = (status: Exclude<JournalStatus, "Succeeded">, reason: FailureReason, message: string): Failing =>
    Effect.suspend(() => {
      const failed = failure(reason, message)
      const { nativeId, requestId } = facts
      return Effect.andThen(
        journal.recordEnd(operationId, {
          status,
          settled: status === "Failed" || status === "Canceled",
          nativeId,
          requestId,
          failure: { code: codeOf(reason), message: failed.message },
          change: changeOfPart(entry, nativeId),
        }),
        Effect.fail(failed),
      )
    })

  /** Whether only a human can find out: the type can neither be asked about nor sent again. */
  const needsHuman = () =>
    kind === "Create" && facts.requestId === null && capabilities?.idempotency === "none" && !capabilities.recoverable

  return {
    succeed: (finished) =>
      Effect.suspend(() => {
        const { attempts, crashes, requestId } = facts
        const { nativeId } = finished
        const change = changeOfSuccess(entry, capabilities, finished)
        return Effect.as(
          journal.recordEnd(operationId, {
            status: "Succeeded",
            settled: true,
            nativeId,
            requestId,
            failure: null,
            change,
          }),
          { finished, attempts, crashes },
        )
      }),
    fail: (reason, message) => endAs("Failed", reason, message),
    leaveToPlan: (reason, message) => endAs("Canceled", reason, message),
    leaveOpen: (reason, message) =>
      Effect.suspend(() =>
        needsHuman()
          ? endAs("NeedsAttention", { _tag: "NeedsAttention" }, attentionMessage(entry, message))
          : endAs("InProgress", reason, openMessage(entry, message)),
      ),
    cancel: journal.recordEnd(operationId, {
      status: "Canceled",
      settled: true,
      nativeId: null,
      requestId: null,
      failure: null,
      change: noChange,
    }),
    failure,
  }
}
