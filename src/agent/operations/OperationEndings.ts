/** The ways in which one operation can end or be left, each with its record in the journal. */
import * as Effect from "effect/Effect"
import { mask } from "../../protocol/Masking.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import { noChange, changeOfPart, changeOfSuccess } from "../records/InventoryChange.ts"
import type { Crash, JournalEntry, JournalStatus } from "../records/JournalEntry.ts"
import type { OperationEnding, OperationJournal } from "../records/OperationJournal.ts"
import type { OwnedElsewhere } from "../records/OwnedElsewhere.ts"
import type { StateError } from "../records/StateError.ts"
import { needsAttention, stillOpen } from "./Attention.ts"
import { ChangeFailed, changeErrorOf, type FailureReason, type StepFailure } from "./ChangeFailed.ts"
import type { OperationFacts } from "./OperationFacts.ts"
import type { Work } from "./Work.ts"

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
  /**
   * The operation has succeeded. Fails with `ChangeFailed` where the plugin has
   * answered with a thing that belongs to another label.
   */
  readonly succeed: (finished: Succeeded) => Effect.Effect<OperationSuccess, ChangeFailed | StateError>
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
  { capabilities, secrets, unwanted }: Pick<Work, "capabilities" | "secrets" | "unwanted">,
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

  /** Records an ending. What belongs to another label stays there. */
  const record = (ending: OperationEnding): Effect.Effect<void, StateError> =>
    journal.recordEnd(operationId, ending).pipe(
      Effect.catchTag("OwnedElsewhere", () => journal.recordEnd(operationId, { ...ending, change: noChange })),
      Effect.catchTag("OwnedElsewhere", Effect.die),
    )

  const endAs = (status: Exclude<JournalStatus, "Succeeded">, why: StepFailure): RecordedFailure =>
    Effect.suspend(() => {
      const failed = failure(why)
      const { nativeId, requestId } = facts
      return Effect.andThen(
        record({
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

  /** A create has made, or found, what another label has. */
  const yieldTo = (owner: OwnedElsewhere, ending: OperationEnding) =>
    // The document no longer wants that label: the thing was renamed.
    ending.change._tag === "Put" && owner.forma === entry.forma && unwanted.includes(owner.label)
      ? record({ ...ending, change: { ...ending.change, from: owner.label } })
      : endAs("Failed", { reason: { _tag: "OwnedElsewhere" }, message: owner.message })

  return {
    succeed: (finished) =>
      Effect.suspend((): Effect.Effect<OperationSuccess, ChangeFailed | StateError> => {
        const { attempts, crashes, requestId } = facts
        const { nativeId } = finished
        if (kind === "Update" && nativeId !== entry.nativeId) {
          const message = `the plugin answered the update of ${entry.nativeId} with another native id, ${nativeId}`
          return endAs("Failed", { reason: { _tag: "CallFailed", condition: "ProtocolError" }, message })
        }
        const change = changeOfSuccess(entry, capabilities, finished)
        const ending = { status: "Succeeded", closed: true, nativeId, requestId, failure: null, change } as const
        return journal.recordEnd(operationId, ending).pipe(
          Effect.catchTag("OwnedElsewhere", (owner) => yieldTo(owner, ending)),
          Effect.as({ finished, attempts, crashes }),
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
    cancel: record({
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
