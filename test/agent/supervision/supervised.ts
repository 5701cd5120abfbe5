/** A coordinator whose plugins are fake processes, with its receipts: each spawn, and each event. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import * as Stream from "effect/Stream"
import { Catalog, type CatalogEntry } from "../../../src/agent/catalog/Catalog.ts"
import { NodeNames } from "../../../src/agent/launch/NodeNames.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"
import { PluginLauncher } from "../../../src/agent/launch/PluginLauncher.ts"
import { Namespace, OperationId } from "../../../src/protocol/Identity.ts"
import { type FakeProgram, type FakeSpawn, FakeSpawner, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"

export const entryOf = (name: string, namespace: string): CatalogEntry => ({
  entryPath: `/plugins/${name}/main.js`,
  manifest: {
    name,
    namespace: Namespace.make(namespace),
    version: SemVer.parseUnsafe("1.2.3"),
    protocol: { min: 1, max: 1 },
    minAgentVersion: SemVer.parseUnsafe("0.1.0"),
    entry: "main.js",
    environment: ["SUITE_*"],
  },
})

/** At once, then after 200 and 400 ms; then no more. */
export const twoMoreTries: Schedule.Schedule<unknown> = Schedule.concat(
  Schedule.upTo(Schedule.spaced("0 millis"), { times: 1 }),
  Schedule.upTo(Schedule.exponential("200 millis"), { times: 2 }),
)

export interface SupervisedOptions {
  /** What each process runs; the plugin of the suite, unless told otherwise. */
  readonly programOf?: (spawn: FakeSpawn) => FakeProgram
  readonly policy?: Schedule.Schedule<unknown>
  readonly entries?: ReadonlyArray<CatalogEntry>
}

export const makeSupervised = Effect.fnUntraced(function* ({
  entries = [entryOf("suite", "Suite")],
  policy = twoMoreTries,
  programOf = () => serves(plugin),
}: SupervisedOptions = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
  const layer = PluginCoordinator.layerSupervised(policy).pipe(
    Layer.provide(PluginLauncher.layerProcess()),
    Layer.provide([Layer.succeed(Catalog, Catalog.fromEntries(entries)), NodeNames.layerLocal]),
    Layer.provideMerge(FakeSpawner.layer(programOf)),
  )
  const services = yield* Layer.buildWithScope(layer, scope)
  const coordinator = Context.get(services, PluginCoordinator)
  const events = yield* Queue.unbounded<PluginEvent>()
  yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
    Effect.forkScoped({ startImmediately: true }),
  )
  const operator = (namespace = "Suite") =>
    coordinator.operator({
      namespace,
      resourceUri: "forma/label",
      operation: "Create",
      operationId: OperationId.make("op"),
    })
  const spawns = Context.get(services, FakeSpawner).spawns
  const eventsUntil = Effect.fnUntraced(function* (tag: PluginEvent["_tag"]) {
    const seen: Array<PluginEvent> = []
    while (seen.at(-1)?._tag !== tag) seen.push(yield* Queue.take(events))
    return seen
  })
  return {
    coordinator,
    operator,
    spawns,
    /** The next events, until there is one with this tag. */
    eventsUntil,
    /** The process that is started next, once its handshake is done. */
    nextReady: Effect.tap(Queue.take(spawns), () => eventsUntil("Ready")),
    /** Closes the layer, as an agent does that stops. */
    stop: Scope.close(scope, Exit.void),
  }
})

export const tagsOf = (events: ReadonlyArray<PluginEvent>) => events.map(({ _tag }) => _tag)
