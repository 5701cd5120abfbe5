/** All of formae but the journal: an operator of the PluginCoordinator, the wire, the operator in the plugin, its handler. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import type { Finished } from "../../../src/protocol/Progress.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import type { Start } from "./Contestant.ts"
import { type EffectContestant, startEffect } from "./EffectContestant.ts"
import { checkLargeProperties, largeProperties } from "../work/LargeProperties.ts"
import { checkProperties, nextRequest } from "../work/Read.ts"

/** What is asked of a plugin, and what its answer must be. */
export interface Asked {
  /** The folder of the plugin. */
  readonly directory: string
  readonly namespace: string
  readonly resourceType: string
  readonly targetConfig: Properties
  /** One resource that is read; left out, each read is of another. */
  readonly nativeId?: string
  /** Throws where the answer is not the one that is right. */
  readonly check: (answer: Finished) => void
  readonly create?: { readonly properties: Properties; readonly check: (answer: Finished) => void }
}

let operations = 0

/** Whoever asks a plugin that has just died hears that; one that asks again is heard by the next launch. */
const make = Effect.fnUntraced(function* (asked: Asked) {
  const services = yield* Layer.build(PluginCoordinator.layerProcesses([asked.directory]))
  const coordinator = Context.get(services, PluginCoordinator)
  const subject = () => ({
    operationId: OperationId.make(`operation-${++operations}`),
    resourceType: ResourceType.make(asked.resourceType),
    targetConfig: asked.targetConfig,
    label: "thing",
  })
  const operator = yield* coordinator.operator({
    namespace: asked.namespace,
    resourceUri: "bench/thing",
    operation: "Read",
    operationId: OperationId.make("bench"),
  })
  const perform = (operation: Operation, check: (answer: Finished) => void) =>
    Effect.map(
      operator.perform(operation, () => Effect.void),
      check,
    )
  const read = Effect.suspend(() => {
    const nativeId = NativeId.make(asked.nativeId ?? nextRequest().nativeId)
    return perform({ _tag: "Read", ...subject(), nativeId }, (answer) => {
      if (answer.nativeId !== undefined && answer.nativeId !== nativeId) throw new Error("the answer of another")
      asked.check(answer)
    })
  })
  const { create } = asked
  const pid = Effect.map(coordinator.status, ([only]) => {
    if (only?.state._tag !== "Ready") throw new Error(`the plugin is ${only?.state._tag}`)
    return only.state.launch.identity.pid
  })
  const contestant: EffectContestant = {
    pid: yield* pid,
    read: Effect.orDie(read),
    ...(create !== undefined && {
      create: Effect.orDie(
        Effect.suspend(() => perform({ _tag: "Create", ...subject(), properties: create.properties }, create.check)),
      ),
    }),
    killAndAsk: Effect.gen(function* () {
      process.kill(yield* pid, "SIGKILL")
      const killedAt = yield* Clock.currentTimeMillis
      const again = Effect.flatMap(Clock.currentTimeMillis, (now) =>
        now - killedAt > 30_000 ? Effect.die("the plugin did not come back") : Effect.void,
      )
      yield* Effect.retry(
        Effect.tapError(read, () => again),
        { while: () => true },
      )
    }).pipe(Effect.orDie),
  }
  return contestant
})

export const startAsked = (asked: Asked): ReturnType<Start> => startEffect(Effect.orDie(make(asked)))

const succeeded = (answer: Finished): Properties => {
  if (answer.status === "Failed") throw new Error(answer.failure.message)
  return answer.properties
}

const { FORMAE_BENCH_PLUGINS: plugins = "." } = process.env

export const start: Start = () =>
  startAsked({
    directory: `${plugins}/bench`,
    namespace: "Bench",
    resourceType: "Bench::Storage::Thing",
    targetConfig: { region: "eu-west-1" },
    check: (answer) => checkProperties(succeeded(answer)),
    create: {
      properties: { entries: largeProperties().entries.map(({ Key, Value }) => ({ Key, Value })) },
      check: (answer) => void checkLargeProperties(succeeded(answer)),
    },
  })

/** A provider's refusal of a target that it does not know: an answer of the plugin itself, for which no cloud is needed. */
const refused = (answer: Finished) => {
  if (answer.status !== "Failed" || answer.failure.code !== "InvalidRequest") throw new Error("it was not refused")
}

export const startAws: Start = () =>
  startAsked({
    directory: `${plugins}/aws`,
    namespace: "AWS",
    resourceType: "AWS::S3::Bucket",
    targetConfig: { nowhere: true },
    nativeId: "bucket",
    check: refused,
  })

export const startAzure: Start = () =>
  startAsked({
    directory: `${plugins}/azure`,
    namespace: "Azure",
    resourceType: "Azure::Storage::Queue",
    targetConfig: { nowhere: true },
    nativeId: "queue",
    check: refused,
  })

/** The cloud has a bucket by then. */
export const startFakeAws: Start = () =>
  startAsked({
    directory: `${plugins}/fake-aws`,
    namespace: "FakeAWS",
    resourceType: "FakeAWS::S3::Bucket",
    targetConfig: { cloud: `${plugins}/cloud.db`, region: "eu-west-1" },
    nativeId: "bucket-0",
    check: (answer) => void succeeded(answer),
  })
