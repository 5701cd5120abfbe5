/**
 * Keeps one plugin alive: starts it when it is first wanted, restarts it when it
 * crashes, and stops doing so when its policy says so.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { OperationId } from "../../protocol/Identity.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { Launch } from "../launch/Launch.ts"
import { type CurrentState, makeCurrentState } from "./CurrentState.ts"
import { type LaunchSeries, makeLaunchSeries } from "./LaunchSeries.ts"
import { makeNextLaunch, type NextLaunchOptions } from "./NextLaunch.ts"
import { PluginEvent } from "./PluginEvent.ts"
import { AgentStopping, OperationPoisoned, PluginQuarantined, type PluginUnavailable } from "./PluginUnavailable.ts"
import { makePoisonedOperations, type PoisonedOperations } from "./PoisonedOperations.ts"
import type { Quarantine } from "./Quarantines.ts"
import { type RestartPolicy, restartPolicy } from "./RestartPolicy.ts"
import type { SupervisionSettings } from "./SupervisionSettings.ts"
import type { SupervisorState } from "./SupervisorState.ts"
import { makeWaitingCallers, type WaitingCallers } from "./WaitingCallers.ts"

export interface Supervisor {
  readonly entry: CatalogEntry
  readonly state: Effect.Effect<SupervisorState>
  /** The current state, then each later one, in order. Ends when the supervisor stops. */
  readonly changes: Stream.Stream<SupervisorState>
  /** The launch that serves operations now. Starts one, or waits for the next within a bound. */
  readonly ready: (operationId?: OperationId) => Effect.Effect<Launch, PluginUnavailable>
  /** Runs an operation on a launch. One that had no answer at the last crash is sent alone. */
  readonly perform: PoisonedOperations["perform"]
  /** Ends a quarantine. False if there is none. */
  readonly release: Effect.Effect<boolean>
  /** New operator settings: for the launch that serves now, which has them when this completes, and for later ones. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
  /** Lets what is in flight end, then ends the plugin, both within a bound. Nothing is started afterwards. */
  readonly stop: Effect.Effect<void>
}

export interface SupervisorOptions extends Omit<NextLaunchOptions, "settings" | "onReady" | "onEnd" | "onCrash"> {
  readonly settings: SupervisionSettings
  /** Instead of the policy that the settings make. */
  readonly policy?: RestartPolicy
  /** The quarantine that an earlier agent has left, if there is one. */
  readonly quarantine: Quarantine | undefined
  /** Run with each quarantine, and with undefined when one ends. */
  readonly onQuarantine: (quarantine: Quarantine | undefined) => Effect.Effect<void>
}

export const makeSupervisor = Effect.fnUntraced(function* (options: SupervisorOptions): Effect.fn.Return<Supervisor> {
  const { entry, onQuarantine, publish, quarantine, settings } = options
  const plugin = entry.manifest.name
  const policy = options.policy ?? restartPolicy(settings.restart, plugin)
  const healthyMillis = Duration.toMillis(policy.healthyPeriod)
  const scope = yield* Scope.make()
  const context = yield* Effect.context<never>()
  const { operationCrashes } = settings.limits
  const poisoned = makePoisonedOperations(operationCrashes)
  const callers = makeWaitingCallers(plugin, settings.limits)
  const state = yield* makeCurrentState(
    quarantine === undefined ? { _tag: "NotStarted" } : { _tag: "Quarantined", quarantine },
    callers,
  )
  const nextLaunch = makeNextLaunch({
    ...options,
    onReady: (launch) => state.change(() => ({ _tag: "Ready", launch }), Exit.succeed(launch)),
    onEnd: (generation, reason) => state.change(() => ({ _tag: "Ended", generation, reason })),
    onCrash: ({ reason, servedMillis, unanswered }) =>
      poisoned.crashed({ unanswered, reason, wasHealthy: servedMillis >= healthyMillis }),
  })
  const series = makeLaunchSeries({ plugin, policy, state, nextLaunch, onQuarantine, publish })
  // In the coordinator's own context: a launch outlives the caller that wanted it, and logs to the agent's log.
  const begin = Effect.forkIn(Effect.provideContext(series.run, context), scope)
  const ready = readyLaunch({ plugin, state, callers, start: startIfDown(state, series, begin) })

  return {
    entry,
    state: Effect.sync(state.get),
    changes: state.changes,
    ready: (operationId) =>
      Effect.suspend(() => {
        const reason = operationId === undefined ? undefined : poisoned.reasonOf(operationId)
        return operationId === undefined || reason === undefined
          ? ready
          : Effect.fail(new OperationPoisoned({ plugin, operationId, crashes: operationCrashes, reason }))
      }),
    perform: poisoned.perform,
    release: Effect.gen(function* () {
      const before = yield* state.change((current) =>
        current._tag === "Quarantined" ? { _tag: "NotStarted" } : current,
      )
      if (before._tag !== "Quarantined") return false
      series.forgetRestarts()
      poisoned.clear()
      yield* onQuarantine(undefined)
      yield* publish(PluginEvent.cases.Released.make({ plugin }))
      return true
    }),
    configure: Effect.fnUntraced(function* (settings) {
      options.operatorSettings.set(settings)
      yield* publish(PluginEvent.cases.Configured.make({ plugin, settings }))
      const current = state.get()
      if (current._tag !== "Ready") return
      // It goes on if who has asked for it goes away.
      yield* Fiber.join(yield* Effect.forkIn(options.operatorSettings.deliver(current.launch), scope))
    }),
    stop: Effect.andThen(drain(options, state), Scope.close(scope, Exit.void)),
  }
})

const isDown = ({ _tag }: SupervisorState): boolean => _tag === "NotStarted" || _tag === "Failed"

/** Begins a series of launches if none is running. */
const startIfDown = (state: CurrentState, series: LaunchSeries, begin: Effect.Effect<unknown>): Effect.Effect<void> =>
  // In one step, so that only the first of two callers starts it.
  state
    .change((current) => (isDown(current) ? series.starting() : current))
    .pipe(
      Effect.flatMap((before) => (isDown(before) ? begin : Effect.void)),
      Effect.asVoid,
      Effect.uninterruptible,
    )

/** The launch that serves now, or the next one. */
const readyLaunch = (of: {
  readonly plugin: string
  readonly state: CurrentState
  readonly callers: WaitingCallers
  readonly start: Effect.Effect<void>
}): Effect.Effect<Launch, PluginUnavailable> =>
  Effect.suspend(() => {
    const current = of.state.get()
    switch (current._tag) {
      case "Ready":
        return Effect.succeed(current.launch)
      case "NotStarted":
      case "Failed":
      case "Starting":
      case "Ended":
      case "Restarting":
        return of.callers.wait(of.start, of.state.get)
      case "Quarantined":
        return Effect.fail(new PluginQuarantined(current.quarantine))
      case "Stopping":
        return Effect.fail(new AgentStopping({ plugin: of.plugin }))
    }
  })

/** Accepts nothing new, and lets what is in flight end within its bound. */
const drain = Effect.fnUntraced(function* ({ entry, publish, settings }: SupervisorOptions, state: CurrentState) {
  const plugin = entry.manifest.name
  const before = yield* state.change(() => ({ _tag: "Stopping" }), Exit.fail(new AgentStopping({ plugin })))
  if (before._tag !== "Ready") return
  const { launch } = before
  const operations = launch.inFlight()
  if (operations.length > 0) {
    yield* publish(PluginEvent.cases.Draining.make({ plugin, generation: launch.generation, operations }))
  }
  yield* RunningTime.timeoutOption(launch.drain, Duration.millis(settings.stop.drainMillis))
})
