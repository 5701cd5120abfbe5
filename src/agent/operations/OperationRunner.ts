/**
 * Runs one operation to its end, even if its plugin dies, and takes up
 * operations that an earlier agent has left. It decides nothing itself: it
 * does what `decide` says, and writes to the journal first.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { namespaceOf, type NativeId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { leftUnderWay } from "./Attention.ts"
import { type ChangeFailed, isCanceled, reasonOf } from "./ChangeFailed.ts"
import {
  again,
  ask,
  attempt,
  type Calls,
  endByProof,
  ending,
  type Next,
  type OperationEffect,
  succeededEarlier,
  unlessStopped,
} from "./OperationCalls.ts"
import type { OperationSuccess } from "./OperationEndings.ts"
import { type RecoveryAnswer, decide, type Decision } from "./Recovery.ts"
import { makeRunningOperation, type RunningOperation } from "./RunningOperation.ts"
import { StopRequests } from "./StopRequests.ts"
import type { Work } from "./Work.ts"

/**
 * Runs operations. Both methods fail with `ChangeFailed` where the operation
 * did not succeed or was left open, and with `StateError` where the state cannot
 * be written.
 */
export class OperationRunner extends Context.Service<
  OperationRunner,
  {
    /** Runs a new operation. */
    readonly run: (work: Work) => OperationEffect<OperationSuccess>
    /**
     * Takes up an operation that may have been sent before. Undefined where it
     * has done nothing: the plan that follows decides again.
     */
    readonly takeUp: (work: Work) => OperationEffect<OperationSuccess | undefined>
  }
>()("formae/agent/operations/OperationRunner") {
  static readonly layerNoDeps: Layer.Layer<
    OperationRunner,
    never,
    OperationJournal | PluginCoordinator | StopRequests
  > = Layer.effect(
    OperationRunner,
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const coordinator = yield* PluginCoordinator
      const stops = yield* StopRequests

      const drive = (work: Work, isTakenUp: boolean): OperationEffect<OperationSuccess | undefined> =>
        // No interruption between an answer and its record, or between a decision and what it leads to.
        Effect.uninterruptibleMask((restore) => {
          const { capabilities, entry } = work
          const running = makeRunningOperation(journal, work, isTakenUp)
          const operator = coordinator.operator({
            namespace: namespaceOf(entry.type),
            resourceUri: `${entry.forma}/${entry.label}`,
            // An import is closed from the start, so it is never run.
            operation: entry.kind === "Import" ? "Read" : entry.kind,
            operationId: entry.operationId,
          })
          const round = Effect.fnUntraced(function* (): Effect.fn.Return<Next, ChangeFailed | StateError> {
            const found = yield* Effect.result(restore(unlessStopped({ stops, work }, operator)))
            if (found._tag === "Failure") return yield* pluginMissing(running, found.failure)
            if ("status" in found.success) return yield* notSent(running, work)
            const calls = { operator: found.success, restore, running, stops, work }
            const answer = yield* ask(calls)
            if (answer.status === "Stopped") return yield* notSent(running, work)
            const decision = decide(running.facts(), answer, capabilities?.idempotency ?? "none")
            if (isTakenUp && decision._tag === "Send" && isLeftToPlan(entry, answer)) {
              yield* running.cancel
              return { _tag: "Nothing" }
            }
            return yield* obey(calls, decision)
          })
          return Effect.gen(function* () {
            while (true) {
              const next = yield* round()
              if (next._tag === "Done") return next.success
              if (next._tag === "Nothing") return undefined
            }
          })
        })

      return OperationRunner.of({
        run: (work) => Effect.flatMap(drive(work, false), (success) => Effect.orDie(Effect.fromNullishOr(success))),
        takeUp: (work) => drive(work, true),
      })
    }),
  )
}

/** The plan that follows decides again about updates and deletes, and about creates that have certainly made nothing. */
const isLeftToPlan = ({ kind }: JournalEntry, answer: RecoveryAnswer): boolean =>
  kind !== "Create" || answer.status === "NotStarted"

const obey = Effect.fnUntraced(function* (
  calls: Calls,
  decision: Decision,
): Effect.fn.Return<Next, ChangeFailed | StateError> {
  const { restore, running, stops, work } = calls
  switch (decision._tag) {
    case "Wait":
      return again
    case "Finish":
      return yield* ending(running.succeed(succeededEarlier(decision)))
    case "AskHuman":
      return yield* askHuman(calls)
    case "TakeOver":
      yield* running.recordProgress(withoutNull(decision))
      return again
    case "PollAgain": {
      const { label, operationId, type: resourceType } = work.entry
      const { _tag: _, ...accepted } = withoutNull(decision)
      const subject = { label, operationId, resourceType, targetConfig: work.targetConfig }
      return yield* attempt(calls, Operation.cases.Status.make({ ...subject, ...accepted }))
    }
    case "Send": {
      // After a stop request, nothing is sent.
      if (yield* stops.isRequested(work.commandId)) return yield* notSent(running, work)
      const operation = yield* restore(work.next).pipe(
        Effect.catchIf(
          ({ reason }) => isCanceled(reason),
          () => Effect.fail(notSent(running, work)),
        ),
      )
      if (!("_tag" in operation)) return yield* ending(running.succeed(operation))
      yield* running.recordSending
      return yield* attempt(calls, operation)
    }
  }
})

/** The command was asked to stop. What was sent before is left to the next command. */
const notSent = (running: RunningOperation, { entry }: Pick<Work, "entry">): ChangeFailed =>
  running.facts().maybeSent
    ? running.failure(leftUnderWay(entry, "not sent again, because the command was asked to stop"))
    : running.failure({ reason: { _tag: "Canceled" }, message: "not begun, because the command was asked to stop" })

/** If a human was asked before, the failure stays the same: nothing new is known. */
const askHuman = ({ running, work }: Calls): OperationEffect<never> => {
  const { failure, status } = work.entry
  if (status === "NeedsAttention" && failure !== null)
    return Effect.fail(running.failure({ ...failure, reason: { _tag: "NeedsAttention" } }))
  return endByProof(running, { _tag: "NoAnswer" }, running.interruption())
}

const withoutNull = <A extends { readonly nativeId: NativeId | null }>({ nativeId, ...rest }: A) => ({
  ...rest,
  ...(nativeId === null ? {} : { nativeId }),
})

/** No plugin is available: an operation that was not sent has failed. */
const pluginMissing = (
  running: RunningOperation,
  error: NamespaceUnknown | PluginUnavailable,
): OperationEffect<never> => {
  const failure = { reason: reasonOf(error), message: error.message }
  return running.facts().maybeSent
    ? endByProof(running, { _tag: "NotSent" }, failure)
    : Effect.fail(running.failure(failure))
}
