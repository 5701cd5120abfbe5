/** One operation under way: what is known of it by now, and how that is written down before anything is made of it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { ConnectionLost } from "../../protocol/OperatorError.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { noChange, ofPart, ofSuccess } from "../records/InventoryChanges.ts"
import type { Crash, JournalEntry, JournalStatus } from "../records/JournalEntry.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import { attentionMessage, openMessage } from "./Attention.ts"
import { ChangeFailed, codeOf, type FailureReason } from "./ChangeFailed.ts"
import type { FailingOperation } from "./Proof.ts"
import type { Known } from "./Recovery.ts"

/** An operation that did what it was to do. */
export interface Done {
  readonly finished: Succeeded
  /** How often it was sent to the provider, over all launches. */
  readonly attempts: number
  /** The losses of the plugin that it lived through. */
  readonly crashes: ReadonlyArray<Crash>
}

/** What a provider, or the plugin that was asked, says of work. */
interface Told {
  readonly requestId?: RequestId
  readonly nativeId?: NativeId
}

type Ends<A> = Effect.Effect<A, ChangeFailed | SqlError>

export interface RunningOperation {
  readonly known: () => Known & FailingOperation
  /** How often the plugin was lost since this agent has it. */
  readonly losses: () => number
  /** Why its end is not known. */
  readonly cutOffBy: () => Pick<ChangeFailed, "message" | "reason">
  /** Before it is sent: the intent the first time, one more sending later. */
  readonly sending: Effect.Effect<void, SqlError>
  readonly sentToProvider: (times: number) => void
  /** Writes down what is new in it. */
  readonly told: (what: Told) => Effect.Effect<void, SqlError>
  /** A call failed in a way that leaves open what it has done, and is made again. */
  readonly doubted: () => void
  /** The plugin is certain that no sending so far has made anything. */
  readonly hasMadeNothing: () => void
  readonly lost: (loss: ConnectionLost) => Effect.Effect<void, SqlError>
  readonly succeed: (finished: Succeeded) => Effect.Effect<Done, SqlError>
  /** It is certain that it failed. */
  readonly fail: (reason: FailureReason, message: string) => Ends<never>
  /** What it has done is for the next plan to see. */
  readonly leaveToPlan: (reason: FailureReason, message: string) => Ends<never>
  /** What became of it can not be found out now: the next command asks again, or a human has to settle it. */
  readonly leaveOpen: (reason: FailureReason, message: string) => Ends<never>
  /** It has done nothing, and is not gone on with. */
  readonly cancel: Effect.Effect<void, SqlError>
  /** A failure with what is known, which writes nothing. */
  readonly failure: (reason: FailureReason, message: string) => ChangeFailed
}

export const makeRunningOperation = (
  journal: OperationJournal["Service"],
  entry: JournalEntry,
  {
    capabilities,
    secrets,
    takenUp,
  }: {
    readonly capabilities: TypeCapabilities | undefined
    /** What no message may show. */
    readonly secrets: ReadonlyArray<string>
    readonly takenUp: boolean
  },
): RunningOperation => {
  const { kind, operationId } = entry
  let { crashes, nativeId, requestId } = entry
  let maybeSent = takenUp
  let attempts = 0
  let unanswered = takenUp
  let written = { nativeId, requestId }

  const failure = (reason: FailureReason, message: string) =>
    new ChangeFailed({
      reason,
      message: mask(message, secrets),
      attempts,
      ...(crashes.length === 0 ? {} : { crashes }),
      ...(nativeId === null ? {} : { nativeId }),
    })

  const endAs = (status: Exclude<JournalStatus, "Succeeded">, reason: FailureReason, message: string): Ends<never> =>
    Effect.suspend(() => {
      const failed = failure(reason, message)
      return Effect.andThen(
        journal.end(operationId, {
          status,
          settled: status === "Failed" || status === "Canceled",
          nativeId,
          requestId,
          failure: { code: codeOf(reason), message: failed.message },
          change: ofPart(entry, nativeId),
        }),
        Effect.fail(failed),
      )
    })

  return {
    known: () => ({ kind, nativeId, requestId, maybeSent, unanswered }),
    losses: () => crashes.length - entry.crashes.length,
    cutOffBy: () => {
      const loss = crashes.at(-1)
      return loss === undefined
        ? { reason: { _tag: "CutOff" }, message: "formae was cut off while it ran" }
        : { reason: { _tag: "CallFailed", condition: "ConnectionLost" }, message: loss.message }
    },
    sending: Effect.suspend(() => {
      const first = !maybeSent
      maybeSent = true
      return first ? journal.intend(entry) : journal.sendAgain(operationId)
    }),
    sentToProvider: (times) => {
      attempts += times
    },
    told: (what) =>
      Effect.suspend(() => {
        nativeId = what.nativeId ?? nativeId
        requestId = what.requestId ?? requestId
        const now = { nativeId, requestId }
        if (now.nativeId === written.nativeId && now.requestId === written.requestId) return Effect.void
        const part = now.nativeId === written.nativeId ? noChange : ofPart(entry, now.nativeId)
        return Effect.map(journal.progressed(operationId, now, part), () => {
          written = now
        })
      }),
    doubted: () => {
      unanswered = true
    },
    hasMadeNothing: () => {
      unanswered = false
    },
    lost: Effect.fnUntraced(function* ({ message }) {
      unanswered = true
      crashes = [...crashes, { at: yield* Clock.currentTimeMillis, message: mask(message, secrets) }]
      yield* journal.crashed(operationId, crashes)
    }),
    succeed: (finished) =>
      Effect.as(
        Effect.suspend(() =>
          journal.end(operationId, {
            status: "Succeeded",
            settled: true,
            nativeId: finished.nativeId,
            requestId,
            failure: null,
            change: ofSuccess(entry, capabilities, finished),
          }),
        ),
        { finished, attempts, crashes },
      ),
    fail: (reason, message) => endAs("Failed", reason, message),
    leaveToPlan: (reason, message) => endAs("Canceled", reason, message),
    leaveOpen: (reason, message) =>
      kind === "Create" && requestId === null && capabilities?.idempotency === "none" && !capabilities.recoverable
        ? endAs("NeedsAttention", { _tag: "NeedsAttention" }, attentionMessage(entry, message))
        : endAs("InProgress", reason, openMessage(entry, message)),
    cancel: journal.end(operationId, {
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
