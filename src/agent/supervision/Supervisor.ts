/**
 * Keeps one plugin alive: starts it when it is first wanted, restarts it when it
 * crashes, and stops doing so when its policy says so.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type * as Stream from "effect/Stream"
import type { OperationId } from "../../protocol/Identity.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { Launch } from "../launch/Launch.ts"
import { drainLaunch } from "./drainLaunch.ts"
import type { IdleTime } from "./IdleTime.ts"
import { PluginEvent } from "./PluginEvent.ts"
import type { PluginOptions } from "./PluginOptions.ts"
import type { RecycleResult } from "./PluginOptionsOf.ts"
import { AgentStopping, OperationPoisoned, type PluginUnavailable } from "./PluginUnavailable.ts"
import type { PoisonedOperations } from "./PoisonedOperations.ts"
import { disabledBy, readyLaunch, startIfDown, untilNext } from "./readyLaunch.ts"
import { makeSupervisedLaunches, type SupervisorOptions } from "./SupervisedLaunches.ts"
import type { SupervisorState } from "./SupervisorState.ts"

export interface Supervisor {
  readonly name: string
  readonly entry: () => CatalogEntry
  readonly state: Effect.Effect<SupervisorState>
  /** The current state, then each later one, in order. Ends when the supervisor stops. */
  readonly changes: Stream.Stream<SupervisorState>
  /** How many callers wait for a launch that serves. */
  readonly waiting: () => number
  /** The launch that serves operations now. Starts one, or waits for the next within a bound. */
  readonly ready: (operationId?: OperationId) => Effect.Effect<Launch, PluginUnavailable>
  /** Completes when a call that a launch did not take can be made again. `lost` says that the launch is gone. */
  readonly untilNext: (launch: Launch, lost: boolean) => Effect.Effect<void>
  /** Runs an operation on a launch. One that had no answer at the last crash is sent alone. */
  readonly perform: PoisonedOperations["perform"]
  /** Marks a call, so that the plugin is not stopped as idle before it has ended. */
  readonly used: IdleTime["used"]
  /** Ends a quarantine. False if there is none. */
  readonly release: Effect.Effect<boolean>
  /** New operator settings: for the launch that serves now, which has them when this completes, and for later ones. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
  /** New options. Completes when it is known what came of them: a launch that serves may be busy. */
  readonly recycle: (change: Partial<PluginOptions>) => Effect.Effect<RecycleResult>
  /** Lets what is in flight end, ends the plugin, and starts none until `enable`. Completes when it is gone. */
  readonly disable: (by: string) => Effect.Effect<void>
  /** False if it was not disabled. */
  readonly enable: Effect.Effect<boolean>
  /** Lets what is in flight end, then ends the plugin, both within a bound. Nothing is started afterwards. */
  readonly stop: Effect.Effect<void>
}

export const makeSupervisor = Effect.fnUntraced(function* (
  supervisor: SupervisorOptions,
): Effect.fn.Return<Supervisor> {
  const { operatorSettings, publish } = supervisor
  const plugin = supervisor.options.entry.manifest.name
  const { callers, enabled, idle, options, poisoned, quarantined, series, state } =
    yield* makeSupervisedLaunches(supervisor)
  const scope = yield* Scope.make()
  const context = yield* Effect.context<never>()
  const entry = () => options.current().entry
  let running: Fiber.Fiber<void> | undefined
  // In the coordinator's own context: a launch outlives the caller that wanted it, and logs to the agent's log.
  const begin = Effect.map(Effect.forkIn(Effect.provideContext(series.run, context), scope), (fiber) => {
    running = fiber
  })
  const ready = readyLaunch({ entry, state, callers, start: startIfDown(state, series.starting, begin) })
  const notPoisoned = (operationId: OperationId | undefined): Effect.Effect<void, OperationPoisoned> => {
    const reason = operationId === undefined ? undefined : poisoned.reasonOf(operationId)
    if (operationId === undefined || reason === undefined) return Effect.void
    const crashes = options.current().supervision.limits.operationCrashes
    return Effect.fail(new OperationPoisoned({ plugin, operationId, crashes, reason }))
  }
  const drain = (then: SupervisorState, answer: PluginUnavailable) =>
    Effect.flatMap(
      state.change(() => then, Exit.fail(answer)),
      (before) => drainLaunch(before, { plugin, publish, drainMillis: options.current().supervision.stop.drainMillis }),
    )
  /** One that is enabled while it is still being stopped waits for that. It goes on if who has asked for it goes away. */
  const turn = Semaphore.makeUnsafe(1)
  const toTheEnd = <A>(effect: Effect.Effect<A>) =>
    Effect.flatMap(Effect.forkIn(turn.withPermit(effect), scope, { startImmediately: true }), Fiber.join)

  return {
    name: plugin,
    entry,
    state: Effect.sync(state.get),
    changes: state.changes,
    waiting: callers.count,
    ready: (operationId) => Effect.suspend(() => Effect.andThen(notPoisoned(operationId), ready)),
    untilNext: (launch, lost) => untilNext(state, launch, lost),
    perform: poisoned.perform,
    used: idle.used,
    release: Effect.gen(function* () {
      const before = yield* state.change((current) =>
        current._tag === "Quarantined" ? { _tag: "NotStarted" } : current,
      )
      if (before._tag !== "Quarantined") return false
      series.forgetRestarts()
      poisoned.clear()
      yield* quarantined(undefined)
      yield* publish(PluginEvent.cases.Released.make({ plugin }))
      return true
    }),
    configure: Effect.fnUntraced(function* (settings) {
      operatorSettings.set(settings)
      yield* publish(PluginEvent.cases.Configured.make({ plugin, settings }))
      const current = state.get()
      if (current._tag !== "Ready" && current._tag !== "Recycling") return
      yield* Fiber.join(yield* Effect.forkIn(operatorSettings.deliver(current.launch), scope))
    }),
    recycle: (change) => Effect.suspend(() => options.set({ ...options.current(), ...change })),
    disable: (by) =>
      toTheEnd(
        Effect.gen(function* () {
          yield* drain({ _tag: "Disabled", by }, disabledBy(entry(), by))
          if (running !== undefined) yield* Fiber.interrupt(running)
          yield* publish(PluginEvent.cases.Disabled.make({ plugin, by }))
        }),
      ),
    enable: toTheEnd(
      Effect.gen(function* () {
        const before = yield* state.change((current) => (current._tag === "Disabled" ? enabled() : current))
        if (before._tag !== "Disabled") return false
        yield* publish(PluginEvent.cases.Enabled.make({ plugin }))
        return true
      }),
    ),
    stop: Effect.andThen(
      Effect.suspend(() => drain({ _tag: "Stopping" }, new AgentStopping({ plugin }))),
      Scope.close(scope, Exit.void),
    ),
  }
})
