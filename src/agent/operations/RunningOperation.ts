/** One operation under way: what is known of it by now, and how that is recorded before anything depends on it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { ConnectionLost } from "../../protocol/OperatorError.ts"
import { noChange, changeOfPart } from "../records/InventoryChange.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import type { ChangeFailed } from "./ChangeFailed.ts"
import { makeOperationEndings, type OperationEndings } from "./OperationEndings.ts"
import { initialFacts, interruptionOf, knownOf } from "./OperationFacts.ts"
import type { FailingOperation } from "./Proof.ts"
import type { Known } from "./Recovery.ts"
import type { Work } from "./Work.ts"

/** What a provider, or the plugin that was asked, says of accepted work. */
interface Accepted {
  readonly requestId?: RequestId
  readonly nativeId?: NativeId
}

export interface RunningOperation extends OperationEndings {
  readonly known: () => Known & FailingOperation
  /** How often the plugin was lost since this agent has it. */
  readonly losses: () => number
  /** Why its end is not known. */
  readonly interruption: () => Pick<ChangeFailed, "message" | "reason">
  /** Records that it is about to be sent: the intent the first time, one more sending later. */
  readonly recordSending: Effect.Effect<void, SqlError>
  readonly countAttempts: (times: number) => void
  /** Records what is new. */
  readonly recordProgress: (accepted: Accepted) => Effect.Effect<void, SqlError>
  /** A call failed in a way that leaves open what it has done, and is made again. */
  readonly markUnanswered: () => void
  /** The plugin is certain that no sending so far has made anything. */
  readonly markNothingMade: () => void
  /** Records that the plugin was lost. */
  readonly recordLoss: (loss: ConnectionLost) => Effect.Effect<void, SqlError>
}

export const makeRunningOperation = (
  journal: OperationJournal["Service"],
  { capabilities, entry, secrets }: Pick<Work, "capabilities" | "entry" | "secrets">,
  takenUp: boolean,
): RunningOperation => {
  const { operationId } = entry
  const facts = initialFacts(entry, takenUp)
  let written = { nativeId: facts.nativeId, requestId: facts.requestId }

  return {
    ...makeOperationEndings(journal, entry, facts, { capabilities, secrets }),
    known: () => knownOf(entry, facts),
    losses: () => facts.crashes.length - entry.crashes.length,
    interruption: () => interruptionOf(facts),
    recordSending: Effect.suspend(() => {
      const first = !facts.maybeSent
      facts.maybeSent = true
      return first ? journal.recordIntent(entry) : journal.recordSending(operationId)
    }),
    countAttempts: (times) => {
      facts.attempts += times
    },
    recordProgress: (accepted) =>
      Effect.suspend(() => {
        facts.nativeId = accepted.nativeId ?? facts.nativeId
        facts.requestId = accepted.requestId ?? facts.requestId
        const now = { nativeId: facts.nativeId, requestId: facts.requestId }
        if (now.nativeId === written.nativeId && now.requestId === written.requestId) return Effect.void
        const part = now.nativeId === written.nativeId ? noChange : changeOfPart(entry, now.nativeId)
        return Effect.map(journal.recordProgress(operationId, now, part), () => {
          written = now
        })
      }),
    markUnanswered: () => {
      facts.unanswered = true
    },
    markNothingMade: () => {
      facts.unanswered = false
    },
    recordLoss: Effect.fnUntraced(function* ({ message }) {
      facts.unanswered = true
      const crash = { at: yield* Clock.currentTimeMillis, message: mask(message, secrets) }
      facts.crashes = [...facts.crashes, crash]
      yield* journal.recordCrashes(operationId, facts.crashes)
    }),
  }
}
