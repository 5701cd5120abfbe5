/** Mixed operations on several plugins, which are killed now and then. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import { largeProperties } from "../work/LargeProperties.ts"
import { targetConfig } from "../work/Read.ts"

/** How many operations are in flight to each plugin. */
const lanes = 16

export interface MixedLoad {
  /** The processes of the plugins that are ready. */
  readonly pids: Effect.Effect<ReadonlyArray<number>>
  /** What has happened since this was last asked. */
  readonly take: Effect.Effect<{
    /** How long each operation took that no crash cut off. */
    readonly latenciesMillis: ReadonlyArray<number>
    readonly crashes: number
  }>
}

/** `percent` is from 0 to 99: 60 of 100 operations are reads, 20 creates, 10 deletes, and 10 are refused. */
export const mixedOperation = (namespace: string, id: string, percent: number): Operation => {
  const subject = {
    operationId: OperationId.make(id),
    resourceType: ResourceType.make(`${namespace}::Storage::Thing`),
    targetConfig,
    label: "thing",
  }
  const nativeId = NativeId.make(`thing-${percent}`)
  if (percent < 60) return { _tag: "Read", ...subject, nativeId }
  if (percent < 80) {
    const entries = largeProperties()
      .entries.slice(0, percent)
      .map(({ Key, Value }) => ({ Key, Value }))
    return { _tag: "Create", ...subject, properties: { entries } }
  }
  if (percent < 90) return { _tag: "Delete", ...subject, nativeId }
  const unknownTarget = {}
  return { _tag: "Read", ...subject, targetConfig: unknownTarget, nativeId }
}

/** Runs the load until the scope is closed. Completes when all plugins are ready. */
export const startMixedLoad = Effect.fnUntraced(function* (namespaces: ReadonlyArray<string>) {
  const coordinator = yield* PluginCoordinator
  let latenciesMillis: Array<number> = []
  let crashes = 0
  let operations = 0

  const perform = Effect.fnUntraced(function* (namespace: string) {
    const percent = yield* Random.nextIntBetween(0, 100)
    const operation = mixedOperation(namespace, `operation-${++operations}`, percent)
    const operator = yield* coordinator.operator({
      namespace,
      resourceUri: "soak/thing",
      operation: operation._tag,
      operationId: operation.operationId,
    })
    return yield* operator.perform(operation, () => Effect.void)
  })

  const lane = (namespace: string) =>
    Effect.gen(function* () {
      const startedAt = yield* Clock.currentTimeNanos
      const result = yield* Effect.result(perform(namespace))
      // An operation that a crash cut off says nothing of latency.
      if (result._tag === "Success") {
        latenciesMillis.push(Number((yield* Clock.currentTimeNanos) - startedAt) / 1e6)
      }
      yield* Effect.sleep("2 millis")
    }).pipe(Effect.forever)

  const pids = Effect.map(coordinator.status, (all) =>
    all.flatMap(({ state }) => (state._tag === "Ready" ? [state.launch.identity.pid] : [])),
  )

  const crash = Effect.gen(function* () {
    const running = yield* pids
    const victim = running[yield* Random.nextIntBetween(0, Math.max(running.length, 1))]
    if (victim === undefined) return
    crashes += 1
    yield* Effect.ignore(Effect.try(() => process.kill(victim, "SIGKILL")))
  })

  yield* Effect.forEach(namespaces, (namespace) => coordinator.capabilities(namespace), { discard: true })
  for (const namespace of namespaces) {
    for (let index = 0; index < lanes; index++) yield* Effect.forkScoped(lane(namespace))
  }
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep("2 seconds"), crash)))

  const load: MixedLoad = {
    pids,
    take: Effect.sync(() => {
      const taken = { latenciesMillis, crashes }
      latenciesMillis = []
      crashes = 0
      return taken
    }),
  }
  return load
})
