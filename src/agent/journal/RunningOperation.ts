/** One operation under way: what is known of it by now, and how that is written down before anything is made of it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import type { ConnectionLost } from "../../protocol/OperatorError.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { ChangeFailed, needsAttentionCode } from "../resources/ChangeFailed.ts"
import { attentionMessage } from "./Attention.ts"
import { noChange, ofPart, ofSuccess } from "./InventoryChanges.ts"
import type { Crash, JournalEntry } from "./JournalEntry.ts"
import type { OperationJournal } from "./OperationJournal.ts"
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
  readonly known: () => Known
  /** How often the plugin was lost since this agent has it. */
  readonly losses: () => number
  /** Why its end is not known: a code and a message. */
  readonly cutOffBy: () => readonly [code: string, message: string]
  /** Before it is sent: the intent the first time, one more sending later. */
  readonly sending: Effect.Effect<void, SqlError>
  readonly sentToProvider: (times: number) => void
  /** Whether there was anything new to write. */
  readonly told: (what: Told) => Effect.Effect<void, SqlError>
  readonly lost: (loss: ConnectionLost) => Effect.Effect<void, SqlError>
  readonly succeed: (finished: Succeeded) => Effect.Effect<Done, SqlError>
  /** It is certain that it failed. */
  readonly fail: (code: string, message: string) => Ends<never>
  /** What became of it can not be found out now: the next command asks again, or a human has to settle it. */
  readonly leaveOpen: (code: string, message: string) => Ends<never>
  /** It has done nothing, and is not gone on with. */
  readonly cancel: Effect.Effect<void, SqlError>
  /** A failure with what is known, which writes nothing. */
  readonly failure: (code: string, message: string) => ChangeFailed
}

export const makeRunningOperation = (
  journal: OperationJournal["Service"],
  entry: JournalEntry,
  capabilities: TypeCapabilities | undefined,
  takenUp: boolean,
): RunningOperation => {
  const { kind, operationId } = entry
  let { crashes, nativeId, requestId } = entry
  let maybeSent = takenUp
  let attempts = 0

  const failure = (code: string, message: string) =>
    new ChangeFailed({
      code,
      message,
      attempts,
      ...(crashes.length === 0 ? {} : { crashes }),
      ...(nativeId === null ? {} : { nativeId }),
    })

  const endAs = (status: "Failed" | "InProgress" | "NeedsAttention", code: string, message: string): Ends<never> =>
    Effect.suspend(() =>
      Effect.andThen(
        journal.end(operationId, {
          status,
          settled: status === "Failed",
          nativeId,
          failure: { code, message },
          change: ofPart(entry, nativeId),
        }),
        Effect.fail(failure(code, message)),
      ),
    )

  return {
    known: () => ({ kind, nativeId, requestId, maybeSent }),
    losses: () => crashes.length - entry.crashes.length,
    cutOffBy: () => {
      const loss = crashes.at(-1)
      return loss === undefined ? ["CutOff", "formae was cut off while it ran"] : ["ConnectionLost", loss.message]
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
        const before = { nativeId, requestId }
        nativeId = what.nativeId ?? nativeId
        requestId = what.requestId ?? requestId
        if (nativeId === before.nativeId && requestId === before.requestId) return Effect.void
        const part = nativeId === before.nativeId ? noChange : ofPart(entry, nativeId)
        return journal.progressed(operationId, { nativeId, requestId }, part)
      }),
    lost: Effect.fnUntraced(function* ({ message }) {
      crashes = [...crashes, { at: yield* Clock.currentTimeMillis, message }]
      yield* journal.crashed(operationId, crashes)
    }),
    succeed: (finished) =>
      Effect.as(
        Effect.suspend(() =>
          journal.end(operationId, {
            status: "Succeeded",
            settled: true,
            nativeId: finished.nativeId,
            failure: null,
            change: ofSuccess(entry, capabilities, finished),
          }),
        ),
        { finished, attempts, crashes },
      ),
    fail: (code, message) => endAs("Failed", code, message),
    leaveOpen: (code, message) => {
      if (requestId !== null) return endAs("InProgress", code, message)
      // What is asked of an update or a delete is seen by the next plan, and so is a resource with a native id.
      if (kind !== "Create" || nativeId !== null) return endAs("Failed", code, message)
      return capabilities?.idempotency === "none"
        ? endAs("NeedsAttention", needsAttentionCode, attentionMessage(entry, message))
        : endAs("InProgress", code, message)
    },
    cancel: journal.end(operationId, {
      status: "Canceled",
      settled: true,
      nativeId: null,
      failure: null,
      change: noChange,
    }),
    failure,
  }
}
