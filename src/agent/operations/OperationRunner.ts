/**
 * Runs one operation to its end, through the deaths of its plugin, and takes
 * up those that an earlier agent has left. It decides nothing: it obeys what
 * `decide` says, and writes ahead.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceOf, type NativeId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { type ChangeFailed, reasonOf } from "./ChangeFailed.ts"
import {
  again,
  ask,
  attempt,
  type Calls,
  endByProof,
  ending,
  type Ends,
  type Next,
  succeededEarlier,
} from "./OperationCalls.ts"
import { decide, type Decision, type Said } from "./Recovery.ts"
import type { Done } from "./OperationEndings.ts"
import { makeRunningOperation, type RunningOperation } from "./RunningOperation.ts"
import { StopRequests } from "./StopRequests.ts"
import type { Work } from "./Work.ts"

export class OperationRunner extends Context.Service<
  OperationRunner,
  {
    /** Runs an operation that is new. */
    readonly run: (work: Work) => Ends<Done>
    /** Takes up one that may have been sent before. Undefined where it has done nothing: the plan that follows decides anew. */
    readonly takeUp: (work: Work) => Ends<Done | undefined>
  }
>()("formae/agent/operations/OperationRunner") {
  static readonly layer: Layer.Layer<OperationRunner, never, OperationJournal | PluginCoordinator | StopRequests> =
    Layer.effect(
      OperationRunner,
      Effect.gen(function* () {
        const journal = yield* OperationJournal
        const coordinator = yield* PluginCoordinator
        const stops = yield* StopRequests

        const drive = (work: Work, takenUp: boolean): Ends<Done | undefined> =>
          // Between an answer and its record, between a decision and the step that it leads to, no interruption comes.
          Effect.uninterruptibleMask((restore) => {
            const { capabilities, entry } = work
            const running = makeRunningOperation(journal, work, takenUp)
            const operator = coordinator.operator({
              namespace: namespaceOf(entry.type),
              resourceUri: `${entry.forma}/${entry.label}`,
              operation: entry.kind,
              operationId: entry.operationId,
            })
            const round = Effect.fnUntraced(function* (): Effect.fn.Return<Next, ChangeFailed | SqlError> {
              const found = yield* Effect.result(restore(operator))
              if (found._tag === "Failure") return yield* pluginMissing(running, found.failure)
              const calls = { operator: found.success, restore, running, stops, work }
              const said = yield* ask(calls)
              const decision = decide(running.known(), said, capabilities?.idempotency ?? "none")
              if (takenUp && decision._tag === "Send" && hasDoneNothing(entry, said)) {
                yield* running.cancel
                return { _tag: "Nothing" }
              }
              return yield* obey(calls, decision)
            })
            return Effect.gen(function* () {
              while (true) {
                const next = yield* round()
                if (next._tag === "Done") return next.done
                if (next._tag === "Nothing") return undefined
              }
            })
          })

        return OperationRunner.of({
          run: (work) => Effect.flatMap(drive(work, false), (done) => Effect.orDie(Effect.fromNullishOr(done))),
          takeUp: (work) => drive(work, true),
        })
      }),
    )
}

/** Of an update or a delete, the plan that follows decides anew; so it does where a create has made nothing for certain. */
const hasDoneNothing = ({ kind }: JournalEntry, said: Said): boolean =>
  kind !== "Create" || said.status === "NotStarted"

const obey = Effect.fnUntraced(function* (
  calls: Calls,
  decision: Decision,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
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
      // What is not known to be under way is not begun once more.
      if (running.known().maybeSent && (yield* stops.isRequested(work.commandId))) {
        return yield* running.failure({ _tag: "LeftUnderWay" }, "not sent again, because the command was asked to stop")
      }
      const operation = yield* restore(work.next)
      if (!("_tag" in operation)) return yield* ending(running.succeed(operation))
      yield* running.recordSending
      return yield* attempt(calls, operation)
    }
  }
})

/** What a human was asked before stays as it was said then: nothing new is known. */
const askHuman = ({ running, work }: Calls): Ends<never> => {
  const { failure, status } = work.entry
  if (status === "NeedsAttention" && failure !== null)
    return Effect.fail(running.failure({ _tag: "NeedsAttention" }, failure.message))
  return endByProof(running, { _tag: "Unheard" }, running.interruption())
}

const withoutNull = <A extends { readonly nativeId: NativeId | null }>({ nativeId, ...rest }: A) => ({
  ...rest,
  ...(nativeId === null ? {} : { nativeId }),
})

/** No plugin to be had: what was not sent has failed. */
const pluginMissing = (running: RunningOperation, error: NamespaceUnknown | PluginUnavailable): Ends<never> => {
  const reason = reasonOf(error)
  return running.known().maybeSent
    ? endByProof(running, { _tag: "NotSent" }, { reason, message: error.message })
    : Effect.fail(running.failure(reason, error.message))
}
