/**
 * A launch of a plugin, from its start to its end, and the events that it
 * publishes. On the way another one may take its place.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { describeEnd, type LaunchEnd } from "../launch/Launch.ts"
import type { LaunchResult } from "./AfterLaunch.ts"
import type { LaunchCrash, NextLaunchOptions } from "./NextLaunchOptions.ts"
import { PluginEvent } from "./PluginEvent.ts"
import { replaceLaunch } from "./replaceLaunch.ts"
import { launchName, type ServedLaunch, startLaunch } from "./ServedLaunch.ts"

/** How a launch ended, also in words. */
export type EndedLaunch = LaunchResult & { readonly generation: number; readonly reason: string }

/** Runs the launch with the next number, and those that take its place. Interrupting it stops the launch gracefully. */
export type NextLaunch = (numbers: LaunchNumbers) => Effect.Effect<EndedLaunch>

/** The numbers of the launches of a plugin. */
export interface LaunchNumbers {
  /** 1 for the first launch of this agent, and so on. */
  readonly next: () => number
}

const idleReason = "was stopped because nobody used it"

export const makeNextLaunch = (options: NextLaunchOptions): NextLaunch => {
  const { idle, onEnd, publish } = options

  const rest = Effect.fnUntraced(function* ({ launch, name, readyAt, stop }: ServedLaunch) {
    const servedMillis = (yield* Clock.currentTimeMillis) - readyAt
    yield* onEnd(launch.generation, idleReason)
    yield* stop
    yield* publish(PluginEvent.cases.IdleStopped.make(name))
    return { _tag: "IdleStopped", servedMillis, reason: idleReason, generation: name.generation } as const
  })

  const serve = Effect.fnUntraced(function* (numbers: LaunchNumbers, isServed: (launch: ServedLaunch) => void) {
    const made = options.options.current()
    options.options.launchedWith(made)
    let served = yield* startLaunch(options, made, numbers.next())
    isServed(served)
    yield* beginServing(options, served)
    while (true) {
      const { launch } = served
      const then = yield* Effect.raceFirst(
        Effect.map(launch.ended, (end) => ({ _tag: "Ended", end }) as const),
        Effect.raceFirst(
          Effect.as(options.options.outdated(served.options), { _tag: "Outdated" } as const),
          Effect.as(idle.reached(launch.admission), { _tag: "Idle" } as const),
        ),
      )
      if (then._tag === "Ended") {
        const crash = yield* crashOf(served, then.end)
        yield* onEnd(served.name.generation, crash.reason)
        yield* publishEnd(options, served, then.end, crash)
        const { reason, servedMillis } = crash
        return {
          _tag: "Ended",
          outcome: then.end.outcome,
          servedMillis,
          reason,
          generation: launch.generation,
        } as const
      }
      if (then._tag === "Idle") return yield* rest(served)
      served = yield* replaceLaunch(options, served, numbers.next, {
        beginServing: (one) => beginServing(options, one),
        endedMeanwhile: (one, end) =>
          Effect.flatMap(crashOf(one, end), (crash) => publishEnd(options, one, end, crash)),
      })
      isServed(served)
    }
  })

  return (numbers) =>
    Effect.suspend(() => {
      let generation = 0
      const counted: LaunchNumbers = { next: () => (generation = numbers.next()) }
      return Effect.scoped(
        serve(counted, ({ name }) => {
          generation = name.generation
        }),
      ).pipe(
        Effect.catch((error) => {
          const reason = `could not be started: ${error.reason}`
          return Effect.succeed({ _tag: "StartFailed", error, reason, generation } as const)
        }),
        Effect.onInterrupt(() => publish(PluginEvent.cases.Stopped.make(launchName(options.plugin, generation)))),
        Effect.ensuring(
          Effect.sync(() => {
            options.options.launchedWith(undefined)
            options.options.settle({ _tag: "NextLaunch" })
          }),
        ),
      )
    })
}

const beginServing = Effect.fnUntraced(function* (
  { onReady, operatorSettings }: NextLaunchOptions,
  { launch, scope }: ServedLaunch,
) {
  yield* onReady(launch)
  // Until now it was not known to who sets them, and they may have changed once more.
  yield* Effect.forkIn(operatorSettings.deliver(launch), scope)
})

const crashOf = Effect.fnUntraced(function* ({ readyAt }: ServedLaunch, end: LaunchEnd) {
  const { operations, unanswered } = end
  const servedMillis = (yield* Clock.currentTimeMillis) - readyAt
  return { operations, unanswered, servedMillis, reason: describeEnd(end) } satisfies LaunchCrash
})

const publishEnd = Effect.fnUntraced(function* (
  { onCrash, publish }: NextLaunchOptions,
  { name }: ServedLaunch,
  { outcome }: LaunchEnd,
  crash: LaunchCrash,
) {
  if (outcome._tag === "Recycled") {
    return yield* publish(PluginEvent.cases.Recycled.make({ ...name, residentMiB: outcome.residentMiB }))
  }
  const { operations, reason } = crash
  if (outcome._tag === "LeaseEnded") return yield* publish(PluginEvent.cases.LeaseEnded.make({ ...name, operations }))
  yield* publish(PluginEvent.cases.Crashed.make({ ...name, reason, operations }))
  for (const operationId of onCrash(crash)) {
    yield* publish(PluginEvent.cases.Poisoned.make({ plugin: name.plugin, operationId }))
  }
})
