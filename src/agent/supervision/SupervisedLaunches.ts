/** What one plugin is supervised with, and the launches that follow from it: state, callers, crashes and quarantine. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type CurrentState, makeCurrentState } from "./CurrentState.ts"
import { makeIdleTime } from "./IdleTime.ts"
import { makeLaunchSeries } from "./LaunchSeries.ts"
import { makeNextLaunch } from "./NextLaunch.ts"
import type { PluginOptions } from "./PluginOptions.ts"
import { makePluginOptionsOf } from "./PluginOptionsOf.ts"
import { makePoisonedOperations } from "./PoisonedOperations.ts"
import type { Quarantine } from "./Quarantines.ts"
import { type RestartPolicy, restartPolicy } from "./RestartPolicy.ts"
import type { StartOptions } from "./ServedLaunch.ts"
import type { SupervisorState } from "./SupervisorState.ts"
import { makeWaitingCallers } from "./WaitingCallers.ts"

export interface SupervisorOptions extends StartOptions {
  readonly options: PluginOptions
  /** Where it is said that the plugin must not be started, if that is said. */
  readonly disabledBy?: string | undefined
  /** A launch that nobody uses for so long is stopped. Left out, none is. */
  readonly idleMillis?: number | undefined
  /** How long a launch that is to be replaced may be busy before it takes nothing more. */
  readonly recycleMillis: number
  /** The quarantine that an earlier agent has left, if there is one. */
  readonly quarantine: Quarantine | undefined
  /** Run with each quarantine, and with undefined when one ends. */
  readonly onQuarantine: (quarantine: Quarantine | undefined) => Effect.Effect<void>
}

/** Nothing is started before somebody runs the series. */
export const makeSupervisedLaunches = Effect.fnUntraced(function* (supervisor: SupervisorOptions) {
  const { disabledBy, idleMillis, onQuarantine, publish } = supervisor
  const plugin = supervisor.options.entry.manifest.name
  const options = makePluginOptionsOf(supervisor.options)
  const limits = () => options.current().supervision.limits
  const policy = policyOf(options.current)
  const poisoned = makePoisonedOperations(() => limits().operationCrashes)
  const callers = makeWaitingCallers(plugin, limits)
  const idle = yield* makeIdleTime(idleMillis)
  let { quarantine } = supervisor
  /** The state before the first launch of a plugin that may be started. */
  const enabled = (): SupervisorState =>
    quarantine === undefined ? { _tag: "NotStarted" } : { _tag: "Quarantined", quarantine }
  const quarantined = (next: Quarantine | undefined) =>
    Effect.suspend(() => {
      quarantine = next
      return onQuarantine(next)
    })
  const state = yield* makeCurrentState(
    disabledBy === undefined ? enabled() : { _tag: "Disabled", by: disabledBy },
    callers,
  )
  const ofLaunches = unlessDisabled(state)
  const nextLaunch = makeNextLaunch({
    ...supervisor,
    plugin,
    options,
    idle,
    onReady: (launch) => {
      idle.touch()
      return ofLaunches.change(() => ({ _tag: "Ready", launch }), Exit.succeed(launch))
    },
    onRecycle: (launch, generation) => ofLaunches.change(() => ({ _tag: "Recycling", launch, generation })),
    onEnd: (generation, reason) => ofLaunches.change(() => ({ _tag: "Ended", generation, reason })),
    onCrash: ({ reason, servedMillis, unanswered }) => {
      const wasHealthy = servedMillis >= Duration.toMillis(policy().healthyPeriod)
      return poisoned.crashed({ unanswered, reason, wasHealthy })
    },
  })
  const series = makeLaunchSeries({
    plugin,
    policy,
    state: ofLaunches,
    waiting: callers.count,
    nextLaunch,
    onQuarantine: quarantined,
    publish,
  })
  return { callers, enabled, idle, options, poisoned, quarantined, series, state }
})

/** What the launches change is not changed any more once the plugin is disabled: their ends are not the last word. */
const unlessDisabled = ({ change, get }: CurrentState): Pick<CurrentState, "change" | "get"> => ({
  get,
  change: (next, answer) => change((current) => (current._tag === "Disabled" ? current : next(current)), answer),
})

/** The policy that the options make, the same one as long as they stay. */
const policyOf = (options: () => PluginOptions): (() => RestartPolicy) => {
  let of: PluginOptions["supervision"]["restart"] | undefined
  let made: RestartPolicy | undefined
  return () => {
    const { entry, policy, supervision } = options()
    if (policy !== undefined) return policy
    if (made === undefined || of !== supervision.restart) {
      of = supervision.restart
      made = restartPolicy(of, entry.manifest.name)
    }
    return made
  }
}
