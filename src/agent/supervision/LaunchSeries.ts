/** One launch after another of a plugin, as its restart policy says, until it is given up, quarantined or stopped. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Decision, noHistory } from "./AfterLaunch.ts"
import type { CurrentState } from "./CurrentState.ts"
import type { EndedLaunch, LaunchNumbers, NextLaunch } from "./NextLaunch.ts"
import { PluginEvent } from "./PluginEvent.ts"
import { PluginQuarantined } from "./PluginUnavailable.ts"
import type { Quarantine } from "./Quarantines.ts"
import { makePolicyDecision } from "./PolicyDecisions.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"
import type { SupervisorState } from "./SupervisorState.ts"

export interface LaunchSeries {
  /** Runs launches, beginning at once. The caller has already changed the state to `starting`. */
  readonly run: Effect.Effect<void>
  /** The state of the plugin when its next launch starts. */
  readonly starting: () => SupervisorState
  /** Forgets all restarts so far. */
  readonly forgetRestarts: () => void
}

export interface LaunchSeriesOptions {
  readonly plugin: string
  /** The policy that holds now. After a change its delays start over. */
  readonly policy: () => RestartPolicy
  readonly state: Pick<CurrentState, "get" | "change">
  /** How many callers wait for the next launch. */
  readonly waiting: () => number
  readonly nextLaunch: NextLaunch
  readonly onQuarantine: (quarantine: Quarantine) => Effect.Effect<void>
  readonly publish: (event: PluginEvent) => Effect.Effect<void>
}

/** Whether nothing is started any more. */
const isOver = ({ _tag }: SupervisorState): boolean => _tag === "Stopping" || _tag === "Disabled"

export const makeLaunchSeries = (options: LaunchSeriesOptions): LaunchSeries => {
  const { nextLaunch, plugin, policy, publish, state } = options
  let generation = 0
  /** Kept across runs: a plugin that is started again for a caller does not get a clean record. */
  let history = noHistory

  const numbers: LaunchNumbers = {
    next: () => {
      generation += 1
      return generation
    },
  }

  const starting = (): SupervisorState => ({ _tag: "Starting", generation: generation + 1 })

  const quarantine = Effect.fnUntraced(function* (reason: string, at: number, restarts: number) {
    const made: Quarantine = { plugin, restarts, reason, at }
    yield* options.onQuarantine(made)
    yield* publish(PluginEvent.cases.Quarantined.make(made))
    yield* state.change(() => ({ _tag: "Quarantined", quarantine: made }), Exit.fail(new PluginQuarantined(made)))
  })

  /** Does what was decided, and returns whether another launch follows. */
  const carryOut = Effect.fnUntraced(function* (decision: Decision, ended: EndedLaunch, now: number) {
    const { reason } = ended
    switch (decision._tag) {
      case "Replace":
        break
      case "Rest": {
        // In one step with the look for callers: one that comes later finds it idle, and has it started.
        yield* state.change(() => (options.waiting() > 0 ? starting() : { _tag: "Idle", generation: ended.generation }))
        return state.get()._tag === "Starting"
      }
      case "Quarantine":
        yield* quarantine(reason, now, decision.restarts)
        return false
      case "GiveUp": {
        const { error } = decision
        yield* state.change(() => ({ _tag: "Failed", error }), Exit.fail(error))
        return false
      }
      case "Restart": {
        const { delayMillis, error } = decision
        yield* state.change(
          () => ({ _tag: "Restarting", generation: ended.generation, reason, nextAt: now + delayMillis }),
          error === undefined ? undefined : Exit.fail(error),
        )
        yield* publish(PluginEvent.cases.RestartingIn.make({ plugin, generation: ended.generation, delayMillis }))
        yield* Effect.sleep(Duration.millis(delayMillis))
      }
    }
    yield* state.change(starting)
    return true
  })

  const run = Effect.gen(function* () {
    let read = policy()
    let decide = yield* makePolicyDecision(read)
    history = { ...history, hasServed: false }
    while (true) {
      const ended = yield* nextLaunch(numbers)
      if (isOver(state.get())) return
      if (read !== policy()) {
        read = policy()
        decide = yield* makePolicyDecision(read)
      }
      const now = yield* Clock.currentTimeMillis
      const after = yield* decide(history, ended, now)
      history = after.history
      if (!(yield* carryOut(after.decision, ended, now))) return
    }
  })

  return {
    run,
    starting,
    forgetRestarts: () => {
      history = noHistory
    },
  }
}
