/** A coordinator whose plugins are fake processes, with its receipts: each spawn, and each event. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Catalog, type CatalogEntry } from "../../../src/agent/catalog/Catalog.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"
import type { RestartPolicy } from "../../../src/agent/supervision/RestartPolicy.ts"
import {
  defaultSupervisionSettings,
  type SupervisionSettings,
} from "../../../src/agent/supervision/SupervisionSettings.ts"
import { Namespace, OperationId } from "../../../src/protocol/Identity.ts"
import type { OperatorSettings } from "../../../src/protocol/Settings.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import {
  type FakeLaunchOptions,
  type FakeProgram,
  type FakeSpawn,
  FakeSpawner,
  layerFakeLaunches,
  serves,
} from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { unobserved } from "../../operator/operations.ts"

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
export const twoMoreTries: RestartPolicy = {
  delays: Schedule.concat(
    Schedule.upTo(Schedule.spaced("0 millis"), { times: 1 }),
    Schedule.upTo(Schedule.exponential("200 millis"), { times: 2 }),
  ),
  intensity: { restarts: 1_000, withinMillis: 60_000 },
  healthyPeriod: Duration.seconds(60),
}

export interface SupervisedOptions extends FakeLaunchOptions {
  /** What each process runs; the plugin of the suite, unless told otherwise. */
  readonly programOf?: (spawn: FakeSpawn) => FakeProgram
  /** `twoMoreTries`, unless told otherwise; null is the one that the settings make. */
  readonly policy?: RestartPolicy | null
  readonly settings?: SupervisionSettings
  readonly entries?: ReadonlyArray<CatalogEntry>
  readonly startWith?: ReadonlyArray<string>
  readonly operatorOf?: (plugin: string) => OperatorSettings | undefined
  readonly disabled?: (plugin: string) => string | undefined
  readonly idleMillis?: number
  readonly recycleMillis?: number
}

export const makeSupervised = Effect.fnUntraced(function* ({
  disabled,
  entries = [entryOf("suite", "Suite")],
  idleMillis,
  operatorOf,
  policy = twoMoreTries,
  programOf = () => serves(plugin),
  recycleMillis,
  settings = defaultSupervisionSettings,
  startWith = [],
  ...launches
}: SupervisedOptions = {}) {
  const scope = yield* Effect.acquireRelease(Scope.make(), (made) => inTime(Scope.close(made, Exit.void)))
  const layer = PluginCoordinator.layerNoDeps({
    ...(policy === null ? {} : { policy: () => policy }),
    supervision: () => settings,
    startWith,
    operatorOf,
    disabled,
    idleMillis,
    recycleMillis,
  }).pipe(
    Layer.provide(Layer.succeed(Catalog, Catalog.fromEntries(entries))),
    Layer.provideMerge(layerFakeLaunches(programOf, launches)),
  )
  const services = yield* Layer.buildWithScope(layer, scope)
  const coordinator = Context.get(services, PluginCoordinator)
  const events = yield* Queue.unbounded<PluginEvent>()
  yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
    Effect.forkScoped({ startImmediately: true }),
  )
  const operator = (namespace = "Suite", operationId = OperationId.make("op")) =>
    coordinator.operator({ namespace, resourceUri: "forma/label", operation: "Create", operationId })
  const spawns = Context.get(services, FakeSpawner).spawns
  const eventsUntil = Effect.fnUntraced(function* (...tags: ReadonlyArray<PluginEvent["_tag"]>) {
    const seen: Array<PluginEvent> = []
    while (seen.length === 0 || !tags.includes(seen.at(-1)!._tag)) seen.push(yield* Queue.take(events))
    return seen
  })
  return {
    coordinator,
    operator,
    spawns,
    /** The next events, until there is one with one of these tags. */
    eventsUntil,
    /** The next event with this tag. */
    next: Effect.fnUntraced(function* <Tag extends PluginEvent["_tag"]>(tag: Tag) {
      const isIt = (event: PluginEvent): event is Extract<PluginEvent, { readonly _tag: Tag }> => event._tag === tag
      return (yield* eventsUntil(tag)).findLast(isIt)!
    }),
    /** All events so far that were not taken. */
    eventsSoFar: Effect.andThen(untilIdle, Queue.clear(events)),
    /** The process that is started next, once its handshake is done. */
    nextReady: Effect.tap(Queue.take(spawns), () => eventsUntil("Ready")),
    /** Asks for an operator, and runs the operation with it. */
    perform: (operation: Operation) =>
      Effect.flatMap(operator("Suite", operation.operationId), (found) => found.perform(operation, unobserved)),
    /** Closes the layer, as an agent does that stops. */
    stop: Scope.close(scope, Exit.void),
  }
})

export const tagsOf = (events: ReadonlyArray<PluginEvent>) => events.map(({ _tag }) => _tag)

/** Lets everything run that does not wait for time: a sleep that begins after time has passed does not notice it. */
export const untilIdle: Effect.Effect<void> = Effect.asVoid(Effect.replicateEffect(Effect.yieldNow, 100))

/** So much time passes, and what follows from it happens. */
export const elapse = (duration: Duration.Input): Effect.Effect<void> =>
  Effect.andThen(Effect.andThen(untilIdle, TestClock.adjust(duration)), untilIdle)

/** Runs `effect` while time passes. */
export const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.raceFirst(effect, Effect.forever(elapse("1 second")))

/** How many milliseconds `effect` takes, to the millisecond, of the two minutes that pass. */
export const millisTaken = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const before = yield* Clock.currentTimeMillis
  const running = yield* Effect.forkChild(Effect.andThen(effect, Clock.currentTimeMillis), { startImmediately: true })
  yield* elapse("2 minutes")
  return (yield* Fiber.join(running)) - before
})
