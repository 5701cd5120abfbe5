/** One operation under way: what is known about it, recorded before anything depends on it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { ConnectionLost } from "../../protocol/OperatorError.ts"
import { noChange, changeOfPart } from "../records/InventoryChange.ts"
import type { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import type { StepFailure } from "./ChangeFailed.ts"
import { makeOperationEndings, type OperationEndings } from "./OperationEndings.ts"
import { decisionFacts, initialFacts, interruptionOf } from "./OperationFacts.ts"
import type { ProofFacts } from "./Proof.ts"
import type { RecoveryFacts } from "./Recovery.ts"
import type { Work } from "./Work.ts"

/** What is reported about accepted work. */
interface Accepted {
  readonly requestId?: RequestId
  readonly nativeId?: NativeId
}

export interface RunningOperation extends OperationEndings {
  /** The facts that decisions are based on. */
  readonly facts: () => ProofFacts & RecoveryFacts
  /** How often the plugin crashed while this agent ran the operation. */
  readonly crashes: () => number
  /** Why the end of the operation is not known. */
  readonly interruption: () => StepFailure
  /** Records that the operation is about to be sent: the intent if it is the first time. */
  readonly recordSending: Effect.Effect<void, StateError>
  readonly countAttempts: (attempts: number) => void
  /** Records a request id or a native id that is new. */
  readonly recordProgress: (accepted: Accepted) => Effect.Effect<void, StateError>
  /** A call has failed, may have done something, and is made again. */
  readonly markUnanswered: () => void
  /** The plugin is certain that no call so far has made anything. */
  readonly markNothingMade: () => void
  /** Records that the plugin crashed. */
  readonly recordCrash: (loss: ConnectionLost) => Effect.Effect<void, StateError>
}

export const makeRunningOperation = (
  journal: OperationJournal["Service"],
  { capabilities, entry, secrets, unwanted }: Pick<Work, "capabilities" | "entry" | "secrets" | "unwanted">,
  isTakenUp: boolean,
): RunningOperation => {
  const { operationId } = entry
  const facts = initialFacts(entry, isTakenUp)
  let written = { nativeId: facts.nativeId, requestId: facts.requestId }

  return {
    ...makeOperationEndings(journal, entry, facts, { capabilities, secrets, unwanted }),
    facts: () => decisionFacts(entry, facts),
    crashes: () => facts.crashes.length - entry.crashes.length,
    interruption: () => interruptionOf(facts),
    recordSending: Effect.suspend(() => {
      const isFirst = !facts.maybeSent
      facts.maybeSent = true
      return isFirst ? journal.recordIntent(entry) : journal.recordSending(operationId)
    }),
    countAttempts: (attempts) => {
      facts.attempts += attempts
    },
    recordProgress: (accepted) =>
      Effect.suspend(() => {
        facts.nativeId = accepted.nativeId ?? facts.nativeId
        facts.requestId = accepted.requestId ?? facts.requestId
        const now = { nativeId: facts.nativeId, requestId: facts.requestId }
        if (now.nativeId === written.nativeId && now.requestId === written.requestId) return Effect.void
        const part = now.nativeId === written.nativeId ? noChange : changeOfPart(entry, now.nativeId)
        const recorded = journal.recordProgress(operationId, now, part).pipe(
          // The end decides whether it was renamed. Until then it stays where it is.
          Effect.catchTag("OwnedElsewhere", () => journal.recordProgress(operationId, now, noChange)),
          Effect.catchTag("OwnedElsewhere", Effect.die),
        )
        return Effect.map(recorded, () => {
          written = now
        })
      }),
    markUnanswered: () => {
      facts.unanswered = true
    },
    markNothingMade: () => {
      facts.unanswered = false
    },
    recordCrash: Effect.fnUntraced(function* ({ message }) {
      facts.unanswered = true
      const crash = { at: yield* Clock.currentTimeMillis, message: mask(message, secrets) }
      facts.crashes = [...facts.crashes, crash]
      yield* journal.recordCrashes(operationId, facts.crashes)
    }),
  }
}
