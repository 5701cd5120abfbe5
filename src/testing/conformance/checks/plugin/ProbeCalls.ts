/** Calls for the checks that need a call, whichever it is. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { isFinished } from "../../../../protocol/Progress.ts"
import type { Properties, TargetConfig } from "../../../../protocol/Resource.ts"
import type { Answer } from "../../peer/Answer.ts"
import { peerAfterHandshake } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { progressOf } from "../../peer/RawOperation.ts"
import type { Traces } from "../../peer/Traces.ts"
import { missingId } from "../../peer/TypeCalls.ts"
import type { Finding } from "../../report/Finding.ts"
import type { Subject } from "../../samples/Subject.ts"

export interface ProbeCalls {
  /** The payload of a Read of something that does not exist. */
  readonly read: (operationId: string) => Properties
  /** Undefined if no sample has a create that takes long. */
  readonly slow: SlowCreate | undefined
}

/** A Create that takes long. */
export interface SlowCreate {
  readonly payload: (operationId: string) => Properties
  /** Whether the call itself takes long, and not only the work that it begins. */
  readonly isCall: boolean
  /** Keeps what it has made, for the clean-up. */
  readonly keep: (answer: Answer) => Effect.Effect<void>
}

export interface ProbeCallsOptions {
  readonly plugin: PluginUnderTest
  readonly subjects: ReadonlyArray<Subject>
  readonly traces: Traces
  readonly nextUnique: () => string
}

/** About the first type that has a sample, or else about a type that does not exist. */
export const makeProbeCalls = Effect.fnUntraced(function* (options: ProbeCallsOptions): Effect.fn.Return<ProbeCalls> {
  const { nextUnique, plugin, subjects } = options
  const [first] = subjects
  const about = (type: string, target: TargetConfig, operationId: string) => ({
    operationId,
    resourceType: type,
    targetConfig: target,
    label: nextUnique(),
  })
  const type = first?.type ?? `${plugin.entry.manifest.namespace}::Formae::NoSuchType`
  const read: ProbeCalls["read"] = (operationId) => ({
    ...about(type, first?.target ?? {}, operationId),
    nativeId: missingId,
  })
  for (const subject of subjects) {
    const { slow } = subject
    if (slow === undefined) continue
    const payload = (operationId: string) => {
      const { properties, target } = slow()
      return { ...about(subject.type, target, operationId), properties }
    }
    const keep = (answer: Answer) => keepMade(options, subject, answer)
    // A plugin that fails here is reported by the checks.
    const lasting = yield* Effect.orElseSucceed(howLasting(plugin, payload, read, keep), () => "Call" as const)
    if (lasting !== undefined) return { read, slow: { payload, isCall: lasting === "Call", keep } }
  }
  return { read, slow: undefined }
})

/** What a create has made, if its answer tells, is deleted in the end. */
const keepMade = (
  { traces }: ProbeCallsOptions,
  { capabilities, target, type }: Subject,
  answer: Answer,
): Effect.Effect<void> =>
  progressOf("Create", answer).pipe(
    Effect.map(({ nativeId }) => {
      if (nativeId !== undefined) traces.addMade({ type, capabilities, target, nativeId })
    }),
    Effect.ignore,
  )

/** A call that takes long does not end within the time of so many reads. */
const readsMeanwhile = 3

/** Work that takes long does not end within this. */
const workMeanwhile = Duration.seconds(1)

/** What of the create takes long: the call, or the work that it begins; undefined if neither does. */
const howLasting = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  payload: (operationId: string) => Properties,
  read: ProbeCalls["read"],
  keep: SlowCreate["keep"],
): Effect.fn.Return<"Call" | "Work" | undefined, Finding> {
  return yield* Effect.scoped(
    Effect.gen(function* () {
      const peer = yield* peerAfterHandshake(plugin)
      const operationId = `${plugin.cookie}-lasts`
      const create = peer.call("Create", payload(operationId))
      yield* peer.write(create.frame)
      for (let reads = 0; reads < readsMeanwhile; reads++) {
        yield* peer.ask("Read", read(`${operationId}-${reads}`))
      }
      if (!create.isAnswered()) return "Call"
      const answer = yield* create.answer
      yield* keep(answer)
      if (isFinished(yield* progressOf("Create", answer))) return undefined
      const watch = peer.ask("Watch", { operationId })
      return Option.isSome(yield* Effect.timeoutOption(watch, workMeanwhile)) ? undefined : "Work"
    }),
  )
})
