/**
 * Keeps one plugin alive: starts it when it is first wanted, again when it
 * crashes, and no more when its policy says so.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import { Generation, type OperationId } from "../../protocol/Identity.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { describeEnd, type Launch, type LaunchEnd, type LaunchNotice } from "../launch/Launch.ts"
import type { PluginLauncher } from "../launch/PluginLauncher.ts"
import { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import { noHistory } from "./AfterLaunch.ts"
import { PluginEvent } from "./PluginEvent.ts"
import {
  AgentStopping,
  OperationPoisoned,
  PluginDown,
  PluginQuarantined,
  PluginQueueFull,
  type PluginUnavailable,
} from "./PluginUnavailable.ts"
import { afterCrash, noPoison } from "./PoisonWatch.ts"
import { makeProbation, type Probation } from "./Probation.ts"
import type { Quarantine } from "./Quarantines.ts"
import { makeRestartDecider } from "./RestartDecider.ts"
import { type RestartPolicy, restartPolicy } from "./RestartPolicy.ts"
import type { SupervisionSettings } from "./SupervisionSettings.ts"
import { reasonOf, type SupervisorState } from "./SupervisorState.ts"

export interface Supervisor {
  readonly entry: CatalogEntry
  readonly state: Effect.Effect<SupervisorState>
  /** The launch that serves operations now. Starts one, or waits for the next, with a bound. */
  readonly ready: (operationId?: OperationId) => Effect.Effect<Launch, PluginUnavailable>
  /** Runs an operation on a launch; what was in flight at the last crash, with care. */
  readonly perform: Probation["perform"]
  /** Ends a quarantine. False where there is none. */
  readonly release: Effect.Effect<boolean>
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
  /** Lets what is in flight end, then ends the plugin; both are bounded. Nothing is started after it. */
  readonly stop: Effect.Effect<void>
}

export interface SupervisorOptions {
  readonly entry: CatalogEntry
  readonly launcher: PluginLauncher["Service"]
  readonly settings: SupervisionSettings
  /** In the place of the one that follows from the settings. */
  readonly policy?: RestartPolicy
  /** The settings that the plugin takes itself. */
  readonly config: Properties | undefined
  /** What operators are told at their next launch. */
  readonly operatorSettings: () => OperatorSettings
  /** Of a plugin that was given up before this agent came. */
  readonly quarantine: Quarantine | undefined
  /** Told of each quarantine, and of its end. */
  readonly onQuarantine: (quarantine: Quarantine | undefined) => Effect.Effect<void>
  /** Starts under way at once, of all plugins. */
  readonly starts: Semaphore.Semaphore
  readonly publish: (event: PluginEvent) => Effect.Effect<void>
}

export const makeSupervisor = Effect.fnUntraced(function* (options: SupervisorOptions): Effect.fn.Return<Supervisor> {
  const { entry, launcher, publish, settings } = options
  const plugin = entry.manifest.name
  const policy = options.policy ?? restartPolicy(settings.restart, plugin)
  const { queued: mostWaiting, queueMillis } = settings.limits
  const scope = yield* Scope.make()
  const context = yield* Effect.context<never>()
  let generation = 0
  let state: SupervisorState =
    options.quarantine === undefined ? { _tag: "NotStarted" } : { _tag: "Quarantined", quarantine: options.quarantine }
  /** Whoever wants the next launch. Replaced each time that it is settled. */
  let next = Deferred.makeUnsafe<Launch, PluginUnavailable>()
  let waiting = 0
  let stopping = false
  let poison = noPoison
  const probation = makeProbation((operationId) => poison.suspects.has(operationId))
  /** How the plugin crashed with each operation that is poisoned. */
  const poisonedBy = new Map<OperationId, string>()
  /** When plugins were restarted, over all runs: a plugin that is started anew by a caller has no clean record. */
  let history = noHistory

  /** One that stops does nothing else any more, whatever becomes of its launch. */
  const become = (then: SupervisorState): void => {
    if (!stopping || then._tag === "Stopping") state = then
  }

  const settle = (exit: Exit.Exit<Launch, PluginUnavailable>, then: SupervisorState) =>
    Effect.suspend(() => {
      const settled = next
      next = Deferred.makeUnsafe()
      become(then)
      return Effect.asVoid(Deferred.done(settled, exit))
    })

  const report = (of: { readonly plugin: string; readonly generation: number }) => (notice: LaunchNotice) => {
    switch (notice._tag) {
      case "Suspect":
        return publish(PluginEvent.cases.Suspect.make({ ...of, silentMillis: notice.silentMillis }))
      case "Stalled":
        return publish(PluginEvent.cases.Stalled.make({ ...of, ...notice }))
      case "Junk":
        return publish(PluginEvent.cases.Junk.make({ ...of, line: notice.line }))
    }
  }

  const crashed = Effect.fnUntraced(function* (
    of: { readonly plugin: string; readonly generation: number },
    end: LaunchEnd,
    servedMillis: number,
  ) {
    const { operations } = end
    const wasHealthy = servedMillis >= Duration.toMillis(policy.healthyPeriod)
    const reason = describeEnd(end)
    yield* publish(PluginEvent.cases.Crashed.make({ ...of, reason, operations }))
    poison = afterCrash(poison, { inFlight: operations, onProbation: probation.current(), wasHealthy })
    for (const operationId of poison.poisoned) {
      if (poisonedBy.has(operationId)) continue
      poisonedBy.set(operationId, reason)
      yield* publish(PluginEvent.cases.Poisoned.make({ plugin, operationId }))
    }
  })

  /** One launch, from its start to its end. Interrupting it stops the launch in order. */
  const runOnce = Effect.suspend(() => {
    const current = Generation.make(++generation)
    const of = { plugin, generation: current }
    become({ _tag: "Starting", generation: current })
    const operatorSettings = options.operatorSettings()
    const request = {
      entry,
      generation: current,
      settings,
      operatorSettings,
      config: options.config,
      report: report(of),
    }
    return Effect.scoped(
      Effect.gen(function* () {
        yield* publish(PluginEvent.cases.Launched.make(of))
        const launch = yield* options.starts.withPermit(launcher.launch(request))
        const { pid, version } = launch.identity
        // They may have been changed while it started, and again while it was told so.
        let told = operatorSettings
        while (told !== options.operatorSettings()) {
          told = options.operatorSettings()
          yield* launch.configure(told)
        }
        const readyAt = yield* Clock.currentTimeMillis
        yield* publish(PluginEvent.cases.Ready.make({ ...of, pid, version }))
        yield* settle(Exit.succeed(launch), { _tag: "Ready", launch })
        const end = yield* launch.ended
        const endedAt = yield* Clock.currentTimeMillis
        // Whoever comes from here on waits for the next launch, also while this one is being tidied up.
        become({ _tag: "Restarting", generation: current, reason: describeEnd(end), nextAt: endedAt })
        if (end.outcome._tag === "Recycled") {
          yield* publish(PluginEvent.cases.Recycled.make({ ...of, residentMiB: end.outcome.residentMiB }))
        } else yield* crashed(of, end, endedAt - readyAt)
        return { ...end, servedMillis: endedAt - readyAt }
      }),
    ).pipe(
      // A launcher that throws is a launch that failed: whoever waits for it must not wait for ever.
      Effect.catchDefect((defect) => Effect.fail(launchDefect(entry, current, defect))),
      Effect.tapError((error) => publish(PluginEvent.cases.StartFailed.make({ ...of, reason: error.reason }))),
      Effect.onInterrupt(() => publish(PluginEvent.cases.Stopped.make(of))),
    )
  })

  const quarantine = Effect.fnUntraced(function* (reason: string, at: number, restarts: number) {
    const made: Quarantine = { plugin, restarts, reason, at }
    yield* options.onQuarantine(made)
    yield* publish(PluginEvent.cases.Quarantined.make(made))
    yield* settle(Exit.fail(new PluginQuarantined(made)), { _tag: "Quarantined", quarantine: made })
  })

  /** Launch after launch, until the plugin is given up or quarantined. */
  const run = Effect.gen(function* () {
    const decide = yield* makeRestartDecider(policy)
    history = { ...history, hasServed: false }
    while (true) {
      const ended = yield* Effect.result(runOnce)
      if (stopping) return
      const now = yield* Clock.currentTimeMillis
      const failure = ended._tag === "Failure" ? ended.failure : undefined
      const reason =
        ended._tag === "Success" ? describeEnd(ended.success) : `could not be started: ${ended.failure.reason}`
      const after = yield* decide(
        history,
        ended._tag === "Success" ? { _tag: "Ended", ...ended.success } : { _tag: "StartFailed" },
        now,
      )
      history = after.history
      const { decision } = after
      switch (decision._tag) {
        case "Replace":
          continue
        case "Quarantine":
          return yield* quarantine(reason, now, decision.restarts)
        case "GiveUp":
          if (failure === undefined) return
          return yield* settle(Exit.fail(failure), { _tag: "Failed", error: failure })
        case "Restart": {
          const { callers, delayMillis } = decision
          const restarting: SupervisorState = { _tag: "Restarting", generation, reason, nextAt: now + delayMillis }
          if (failure !== undefined && callers === "Fail") yield* settle(Exit.fail(failure), restarting)
          else become(restarting)
          yield* publish(PluginEvent.cases.RestartingIn.make({ plugin, generation, delayMillis }))
          yield* Effect.sleep(Duration.millis(delayMillis))
        }
      }
    }
  })

  const startIfWanted = Effect.suspend((): Effect.Effect<unknown> => {
    if (state._tag !== "NotStarted" && state._tag !== "Failed") return Effect.void
    // Set here, so that of two callers in one tick only the first one starts it.
    become({ _tag: "Starting", generation: generation + 1 })
    // In the coordinator's own context: a launch outlives the caller that wanted it, and logs where the agent logs.
    return Effect.forkIn(Effect.provideContext(run, context), scope)
  }).pipe(Effect.uninterruptible)

  /** Waits for the launch that comes next, for as long as a caller may. Starts one where none is on its way. */
  const awaitNext = Effect.suspend((): Effect.Effect<Launch, PluginUnavailable> => {
    if (waiting >= mostWaiting) {
      return Effect.fail(new PluginQueueFull({ plugin, queued: waiting, reason: reasonOf(state) }))
    }
    waiting += 1
    const arrival = Effect.timeoutOrElse(Deferred.await(next), {
      duration: Duration.millis(queueMillis),
      orElse: () => Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.fail(down(state, now))),
    })
    return Effect.andThen(startIfWanted, arrival).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          waiting -= 1
        }),
      ),
    )
  })

  const down = (at: SupervisorState, now: number): PluginDown =>
    new PluginDown({
      plugin,
      waitedMillis: queueMillis,
      reason: reasonOf(at),
      ...(at._tag === "Restarting" ? { nextAttemptMillis: Math.max(at.nextAt - now, 0) } : {}),
    })

  const ready = Effect.suspend((): Effect.Effect<Launch, PluginUnavailable> => {
    switch (state._tag) {
      case "Ready":
        return Effect.succeed(state.launch)
      case "NotStarted":
      case "Failed":
      case "Starting":
      case "Restarting":
        return awaitNext
      case "Quarantined":
        return Effect.fail(new PluginQuarantined(state.quarantine))
      case "Stopping":
        return Effect.fail(new AgentStopping({ plugin }))
    }
  })

  return {
    entry,
    state: Effect.sync(() => state),
    ready: (operationId) =>
      Effect.suspend(() => {
        const reason = operationId === undefined ? undefined : poisonedBy.get(operationId)
        return operationId === undefined || reason === undefined
          ? ready
          : Effect.fail(new OperationPoisoned({ plugin, operationId, reason }))
      }),
    perform: probation.perform,
    release: Effect.suspend(() => {
      if (state._tag !== "Quarantined") return Effect.succeed(false)
      become({ _tag: "NotStarted" })
      history = noHistory
      poison = noPoison
      poisonedBy.clear()
      return Effect.as(
        Effect.andThen(options.onQuarantine(undefined), publish(PluginEvent.cases.Released.make({ plugin }))),
        true,
      )
    }),
    configure: (next) => Effect.suspend(() => (state._tag === "Ready" ? state.launch.configure(next) : Effect.void)),
    stop: Effect.gen(function* () {
      const last = state
      stopping = true
      yield* settle(Exit.fail(new AgentStopping({ plugin })), { _tag: "Stopping" })
      if (last._tag === "Ready") {
        const operations = last.launch.inFlight()
        if (operations.length > 0) {
          yield* publish(PluginEvent.cases.Draining.make({ plugin, generation: last.launch.generation, operations }))
        }
        yield* Effect.timeoutOption(last.launch.drain, Duration.millis(settings.stop.drainMillis))
      }
      yield* Scope.close(scope, Exit.void)
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
