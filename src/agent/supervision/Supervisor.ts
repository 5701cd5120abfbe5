/** Keeps one plugin alive: starts it when it is first wanted, and again when it crashes. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { Generation } from "../../protocol/Identity.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import { PluginCrashed, type PluginUnavailable } from "./PluginUnavailable.ts"
import { describeEnd, type Launch, type LaunchEnd } from "../launch/Launch.ts"
import { PluginEvent } from "./PluginEvent.ts"
import type { PluginLauncher } from "../launch/PluginLauncher.ts"
import { healthyPeriod } from "./policies.ts"

/** Where a plugin stands. */
export type SupervisorState =
  | { readonly _tag: "NotStarted" }
  | { readonly _tag: "Starting"; readonly generation: Generation }
  | { readonly _tag: "Ready"; readonly launch: Launch }
  | { readonly _tag: "Restarting"; readonly generation: Generation; readonly lastEnd: LaunchEnd }
  | { readonly _tag: "Failed"; readonly error: PluginUnavailable }

export interface Supervisor {
  readonly entry: CatalogEntry
  readonly state: Effect.Effect<SupervisorState>
  /** The launch that serves operations now; starts one, or waits for the one that is being started. */
  readonly ready: Effect.Effect<Launch, PluginUnavailable>
}

export interface SupervisorOptions {
  readonly entry: CatalogEntry
  readonly launcher: PluginLauncher["Service"]
  /** The delay before each restart. When it ends, the plugin is given up until it is wanted again. */
  readonly restartSchedule: Schedule.Schedule<unknown>
  readonly publish: (event: PluginEvent) => Effect.Effect<void>
}

type Waiter = Deferred.Deferred<Launch, PluginUnavailable>

export const makeSupervisor = Effect.fnUntraced(function* (
  options: SupervisorOptions,
): Effect.fn.Return<Supervisor, never, Scope.Scope> {
  const { entry, launcher, publish } = options
  const plugin = entry.manifest.name
  const scope = yield* Effect.scope
  let generation = 0
  let state: SupervisorState = { _tag: "NotStarted" }
  /** Whoever wants the next launch. Replaced each time that it is settled. */
  let waiter: Waiter = Deferred.makeUnsafe()

  const settle = (exit: Effect.Effect<Launch, PluginUnavailable>, next: SupervisorState) =>
    Effect.suspend(() => {
      const settled = waiter
      waiter = Deferred.makeUnsafe()
      state = next
      return Effect.asVoid(Deferred.completeWith(settled, exit))
    })

  /** One launch, from its start to its end. Interrupting it stops the launch in order. */
  const runOnce: Effect.Effect<LaunchEnd, PluginStartFailed> = Effect.suspend(() => {
    const current = Generation.make(++generation)
    const of = { plugin, generation: current }
    state = { _tag: "Starting", generation: current }
    return Effect.scoped(
      Effect.gen(function* () {
        yield* publish(PluginEvent.cases.Launched.make(of))
        const launch = yield* launcher.launch(entry, current)
        const { pid, version } = launch.identity
        yield* publish(PluginEvent.cases.Ready.make({ ...of, pid, version }))
        yield* settle(Effect.succeed(launch), { _tag: "Ready", launch })
        const lastEnd = yield* launch.ended
        state = { _tag: "Restarting", generation: current, lastEnd }
        yield* publish(PluginEvent.cases.Crashed.make({ ...of, reason: describeEnd(lastEnd) }))
        return lastEnd
      }),
    ).pipe(
      Effect.tapError((error) => publish(PluginEvent.cases.StartFailed.make({ ...of, reason: error.reason }))),
      Effect.onInterrupt(() => publish(PluginEvent.cases.Stopped.make(of))),
    )
  })

  /** Launch after launch, until the policy has had enough. */
  const run: Effect.Effect<never, PluginUnavailable> = Effect.gen(function* () {
    let nextDelay = yield* Schedule.toStep(options.restartSchedule)
    let restarts = 0
    while (true) {
      const startedAt = yield* Clock.currentTimeMillis
      const lastEnd = yield* runOnce
      const endedAt = yield* Clock.currentTimeMillis
      if (endedAt - startedAt >= Duration.toMillis(healthyPeriod)) {
        nextDelay = yield* Schedule.toStep(options.restartSchedule)
        restarts = 0
      }
      const [, delay] = yield* nextDelay(endedAt, undefined).pipe(
        Pull.catchDone(() => Effect.fail(new PluginCrashed({ plugin, restarts, lastEnd: describeEnd(lastEnd) }))),
      )
      const delayMillis = Duration.toMillis(delay)
      yield* publish(PluginEvent.cases.RestartingIn.make({ plugin, generation, delayMillis }))
      yield* Effect.sleep(delay)
      restarts += 1
    }
  })

  const start = run.pipe(
    // A launcher that throws is a launch that failed: whoever waits for it must not wait for ever.
    Effect.catchDefect((defect) => Effect.fail(launchDefect(entry, generation, defect))),
    Effect.catch((error) => settle(Effect.fail(error), { _tag: "Failed", error })),
    Effect.forkIn(scope),
  )

  return {
    entry,
    state: Effect.sync(() => state),
    ready: Effect.suspend(() => {
      switch (state._tag) {
        case "Ready":
          return Effect.succeed(state.launch)
        case "NotStarted":
        case "Failed": {
          const wanted = waiter
          // Set here, so that of two callers in one tick only the first one starts it.
          state = { _tag: "Starting", generation: Generation.make(generation + 1) }
          return Effect.andThen(start, Deferred.await(wanted))
        }
        case "Starting":
        case "Restarting":
          return Deferred.await(waiter)
      }
    }),
  }
})

const launchDefect = ({ entryPath, manifest }: CatalogEntry, generation: number, defect: unknown): PluginStartFailed =>
  new PluginStartFailed({
    plugin: manifest.name,
    generation,
    entry: entryPath,
    reason: defect instanceof Error ? defect.message : String(defect),
    output: [],
  })
