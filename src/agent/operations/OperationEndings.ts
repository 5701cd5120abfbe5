/** The ways in which one operation can end or be left, each with its record in the journal. */
import * as Effect from "effect/Effect"
import { mask } from "../../protocol/Masking.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { noChange, changeOfPart, changeOfSuccess } from "../records/InventoryChange.ts"
import type { Crash, JournalEntry, JournalStatus } from "../records/JournalEntry.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { needsAttention, stillOpen } from "./Attention.ts"
import { ChangeFailed, changeErrorOf, type FailureReason, type StepFailure } from "./ChangeFailed.ts"
import type { OperationFacts } from "./OperationFacts.ts"

/** An operation that has succeeded. */
export interface OperationSuccess {
  readonly finished: Succeeded
  /** How often it was sent to the provider, over all launches. */
  readonly attempts: number
  /** The crashes of the plugin that it survived. */
  readonly crashes: ReadonlyArray<Crash>
}

/** Records an ending, and then fails with its reason. */
type RecordedFailure = Effect.Effect<never, ChangeFailed | StateError>

export interface OperationEndings {
  readonly succeed: (finished: Succeeded) => Effect.Effect<OperationSuccess, StateError>
  /** The operation has certainly failed. */
  readonly fail: (reason: FailureReason, message: string) => RecordedFailure
  /** The next plan will see what the operation has done. */
  readonly leaveToPlan: (reason: FailureReason, message: string) => RecordedFailure
  /** It cannot be found out now how the operation ended: the next command checks again, or a human has to settle it. */
  readonly leaveOpen: (reason: FailureReason, message: string) => RecordedFailure
  /** The operation has done nothing, and is given up. */
  readonly cancel: Effect.Effect<void, StateError>
  /** A failure with what is known about the operation. Records nothing. */
  readonly failure: (failure: StepFailure) => ChangeFailed
}

export const makeOperationEndings = (
  journal: OperationJournal["Service"],
  entry: JournalEntry,
  facts: OperationFacts,
  /** `secrets` must not appear in any message. */
  {
    capabilities,
    secrets,
  }: { readonly capabilities: TypeCapabilities | undefined; readonly secrets: ReadonlyArray<string> },
): OperationEndings => {
  const { kind, operationId } = entry

  const failure = ({ message, openOperation, reason }: StepFailure) => {
    const { attempts, crashes, nativeId } = facts
    return new ChangeFailed({
      reason,
      message: mask(message, secrets),
      attempts,
      ...(crashes.length === 0 ? {} : { crashes }),
      ...(nativeId === null ? {} : { nativeId }),
      ...(openOperation === undefined ? {} : { openOperation }),
    })
  }

  const endAs = (status: Exclude<JournalStatus, "Succeeded">, why: StepFailure): RecordedFailure =>
    Effect.suspend(() => {
      const failed = failure(why)
      const { nativeId, requestId } = facts
      return Effect.andThen(
        journal.recordEnd(operationId, {
          status,
          closed: status === "Failed" || status === "Canceled",
          nativeId,
          requestId,
          failure: changeErrorOf(failed),
          change: changeOfPart(entry, nativeId),
        }),
        Effect.fail(failed),
      )
    })

  /** Whether only a human can find out: the plugin cannot be asked about a create of this type, and it must not be repeated. */
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
            closed: true,
            nativeId,
            requestId,
            failure: null,
            change,
          }),
          { finished, attempts, crashes },
        )
      }),
    fail: (reason, message) => endAs("Failed", { reason, message }),
    leaveToPlan: (reason, message) => endAs("Canceled", { reason, message }),
    leaveOpen: (reason, message) =>
      Effect.suspend(() =>
        needsHuman()
          ? endAs("NeedsAttention", needsAttention(entry, message))
          : endAs("InProgress", stillOpen(entry, { reason, message })),
      ),
    cancel: journal.recordEnd(operationId, {
      status: "Canceled",
      closed: true,
      nativeId: null,
      requestId: null,
      failure: null,
      change: noChange,
    }),
    failure,
  }
}
