/**
 * Runs one operation to its end, through the deaths of its plugin, and takes
 * up those that an earlier agent has left. It decides nothing: it obeys what
 * `decide` says, and writes ahead.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceOf, type NativeId } from "../../protocol/Identity.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { PluginOperator, ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Finished, Succeeded } from "../../protocol/Progress.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { leftCode, type ChangeFailed } from "../resources/ChangeFailed.ts"
import { StopRequest } from "../resources/StopRequest.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { JournalEntry } from "./JournalEntry.ts"
import { OperationJournal } from "./OperationJournal.ts"
import { decide, type Decision, isWorthAsking, leavesOpen, type Said } from "./Recovery.ts"
import { type Done, makeRunningOperation, type RunningOperation } from "./RunningOperation.ts"

/** What is to be run. */
export interface Work {
  readonly entry: JournalEntry
  /** That of the entry, with its secrets. */
  readonly targetConfig: TargetConfig
  /** Undefined in a delete, which needs none. */
  readonly capabilities: TypeCapabilities | undefined
  /**
   * What is to be sent, asked for each time that it is sent. An update that
   * finds nothing left to do has succeeded.
   */
  readonly next: Effect.Effect<Operation | Succeeded, ChangeFailed>
  readonly observe: ProgressObserver
}

/** At so many losses of the plugin an operation is left for a later command; quarantine comes before, for what crashes quickly. */
const lossesAtMost = 10

type Ends<A> = Effect.Effect<A, ChangeFailed | SqlError>

export class OperationRunner extends Context.Service<
  OperationRunner,
  {
    /** Runs an operation that is new. */
    readonly run: (work: Work) => Ends<Done>
    /** Takes up one that may have been sent before. Undefined where it has done nothing: the plan that follows decides anew. */
    readonly takeUp: (work: Work) => Ends<Done | undefined>
  }
>()("formae/agent/journal/OperationRunner") {
  static readonly layer: Layer.Layer<OperationRunner, never, OperationJournal | PluginCoordinator> = Layer.effect(
    OperationRunner,
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const coordinator = yield* PluginCoordinator

      const drive = (work: Work, takenUp: boolean): Ends<Done | undefined> =>
        // Between an answer and its record, between a decision and the step that it leads to, no interruption comes.
        Effect.uninterruptibleMask((restore) => {
          const { capabilities, entry } = work
          const running = makeRunningOperation(journal, entry, capabilities, takenUp)
          const operator = coordinator.operator({
            namespace: namespaceOf(entry.type),
            resourceUri: `${entry.forma}/${entry.label}`,
            operation: entry.kind,
            operationId: entry.operationId,
          })
          const round = Effect.fnUntraced(function* (): Effect.fn.Return<Next, ChangeFailed | SqlError> {
            const found = yield* Effect.result(restore(operator))
            if (found._tag === "Failure") return yield* pluginMissing(running, found.failure)
            const calls = { operator: found.success, restore, running, work }
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

/** What a round of an operation leads to: its end, another round, or nothing that would have to be known. */
type Next = { readonly _tag: "Done"; readonly done: Done } | { readonly _tag: "Again" } | { readonly _tag: "Nothing" }

const again: Next = { _tag: "Again" }
const ending = (done: Effect.Effect<Done, SqlError>): Effect.Effect<Next, SqlError> =>
  Effect.map(done, (ended) => ({ _tag: "Done", done: ended }))

/** The operation on the launch that serves now. */
interface Calls {
  readonly work: Work
  readonly running: RunningOperation
  readonly operator: PluginOperator["Service"]
  /** Makes a call interruptible again. */
  readonly restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Of an update or a delete, the plan that follows decides anew; so it does where a create has made nothing for certain. */
const hasDoneNothing = ({ kind }: JournalEntry, said: Said): boolean =>
  kind !== "Create" || said.status === "NotStarted"

const notAsked: Said = { status: "NotAsked" }

/** What the plugin says of a create, where that helps. */
const ask = Effect.fnUntraced(function* ({ operator, restore, running, work }: Calls) {
  const known = running.known()
  if (!isWorthAsking(known, { recoverable: work.capabilities?.recoverable ?? false })) return notAsked
  const create = yield* restore(work.next)
  if (!("_tag" in create) || create._tag !== "Create") return notAsked
  const { _tag: _, ...request } = create
  const said = yield* Effect.result(restore(operator.recover(withoutNull({ ...request, nativeId: known.nativeId }))))
  if (said._tag === "Success") return said.success
  if (said.failure._tag !== "ConnectionLost") return notAsked
  yield* survive(running, said.failure)
  return { status: "Absent" } satisfies Said
})

const obey = Effect.fnUntraced(function* (
  calls: Calls,
  decision: Decision,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  const { restore, running, work } = calls
  switch (decision._tag) {
    case "Wait":
      return again
    case "Finish":
      return yield* ending(running.succeed(foundDone(decision)))
    case "AskHuman":
      return yield* running.leaveOpen(...running.cutOffBy())
    case "TakeOver":
      yield* running.told(withoutNull(decision))
      return again
    case "PollAgain": {
      const { targetConfig } = calls.work
      const { label, operationId, type: resourceType } = calls.work.entry
      const { _tag: _, ...work } = withoutNull(decision)
      const subject = { label, operationId, resourceType, targetConfig }
      return yield* attempt(calls, Operation.cases.Status.make({ ...subject, ...work }))
    }
    case "Send": {
      const operation = yield* restore(work.next)
      if (!("_tag" in operation)) return yield* ending(running.succeed(operation))
      yield* running.sending
      return yield* attempt(calls, operation)
    }
  }
})

const withoutNull = <A extends { readonly nativeId: NativeId | null }>({ nativeId, ...rest }: A) => ({
  ...rest,
  ...(nativeId === null ? {} : { nativeId }),
})

const foundDone = (made: { readonly nativeId: NativeId; readonly properties: Properties }): Succeeded => ({
  status: "Succeeded",
  attempts: 0,
  nativeId: made.nativeId,
  properties: made.properties,
})

/** Sends an operation, watches it to its end or to where it can be left, and deals with what came of it. */
const attempt = Effect.fnUntraced(function* (
  calls: Calls,
  operation: Operation,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  const { operator, restore, running, work } = calls
  const stop = yield* StopRequest
  const safe = Deferred.makeUnsafe<void>()
  const isStatus = operation._tag === "Status"
  let times = isStatus ? 0 : 1
  if (isStatus) yield* Deferred.succeed(safe, undefined)
  const note: ProgressObserver = Effect.fnUntraced(function* (progress) {
    times = progress.attempts
    // What can not be written now is written with the end, or that says why not.
    const written = yield* Effect.result(Effect.uninterruptible(running.told(progress)))
    if (written._tag === "Success" && running.known().requestId !== null) yield* Deferred.succeed(safe, undefined)
    yield* work.observe(progress)
  })
  const left = Deferred.await(safe).pipe(Effect.andThen(stop.made), Effect.as("Left" as const))
  const result = yield* Effect.result(restore(Effect.raceFirst(operator.perform(operation, note), left)))
  const finished = result._tag === "Success" && result.success !== "Left" ? result.success : undefined
  running.sentToProvider(finished?.attempts ?? times)
  if (finished !== undefined) return yield* onEnd(calls, finished)
  if (result._tag === "Failure") return yield* onFailure(calls, result.failure)
  return yield* running.failure(leftCode, "the provider works on it, and the next command goes on with it")
})

const onEnd = (calls: Calls, finished: Finished): Ends<Next> => {
  const { running } = calls
  if (finished.status === "Succeeded") return ending(running.succeed(finished))
  const { failure, nativeId } = finished
  return Effect.andThen(
    nativeId === undefined ? Effect.void : running.told({ nativeId }),
    Effect.suspend(() =>
      leavesOpen(running.known(), finished)
        ? inDoubt(calls, failure.code, failure.message)
        : running.fail(failure.code, failure.message),
    ),
  )
}

/** A failure of the way there, and not of the provider. */
const onFailure = (calls: Calls, error: OperatorError): Ends<Next> => {
  const { running } = calls
  switch (error._tag) {
    case "ConnectionLost":
      return error.sent ? Effect.as(survive(running, error), again) : pluginMissing(running, error)
    case "OperationNotSupported":
      // Work that a provider has accepted goes on, also where the plugin has forgotten how to ask for it.
      return running.known().requestId === null
        ? running.fail(error._tag, error.message)
        : running.leaveOpen(error._tag, error.message)
    case "ProtocolError":
    case "OperationTimedOut":
      return inDoubt(calls, error._tag, error.message)
  }
}

/** It is not known what came of it. Of a create, the plugin may know more. */
const inDoubt = Effect.fnUntraced(function* (
  calls: Calls,
  code: string,
  message: string,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  const { running } = calls
  const said = yield* ask(calls)
  switch (said.status) {
    case "Done":
      return yield* ending(running.succeed(foundDone(said)))
    case "InProgress":
      yield* running.told(said)
      return again
    case "NotStarted":
      return yield* running.fail(code, message)
    case "Absent":
    case "NotAsked":
    case "Unknown":
      return yield* running.leaveOpen(code, message)
  }
})

const survive = Effect.fnUntraced(function* (
  running: RunningOperation,
  loss: Extract<OperatorError, { _tag: "ConnectionLost" }>,
) {
  yield* running.lost(loss)
  if (running.losses() >= lossesAtMost) {
    return yield* running.leaveOpen(
      loss._tag,
      `the plugin was lost ${lossesAtMost} times while it ran: ${loss.message}`,
    )
  }
})

/** No plugin to be had: a failure, unless something may have been done already. */
const pluginMissing = (
  running: RunningOperation,
  { _tag, message }: { readonly _tag: string; readonly message: string },
): Ends<never> =>
  running.known().maybeSent
    ? running.leaveOpen(_tag, `${message}. The next command on this state asks what became of it`)
    : Effect.fail(running.failure(_tag, message))
