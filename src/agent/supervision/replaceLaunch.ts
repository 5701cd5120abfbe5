/**
 * Puts a new launch in the place of one that serves, because what it was made
 * with has changed. No call is lost: those under way end first, or are taken up
 * again by their journal, and others wait. If the new one does not start, the
 * one before serves on.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { LaunchEnd } from "../launch/Launch.ts"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import type { NextLaunchOptions } from "./NextLaunchOptions.ts"
import { PluginEvent } from "./PluginEvent.ts"
import type { PluginOptions } from "./PluginOptions.ts"
import { type ServedLaunch, startLaunch } from "./ServedLaunch.ts"

interface Serving {
  readonly beginServing: (served: ServedLaunch) => Effect.Effect<void>
  /** Run with one that ended by itself while it was being replaced. */
  readonly endedMeanwhile: (served: ServedLaunch, end: LaunchEnd) => Effect.Effect<void>
}

/** The launch that serves from now on: the new one, or the one before. That may have ended meanwhile. */
export const replaceLaunch = Effect.fnUntraced(function* (
  options: NextLaunchOptions,
  old: ServedLaunch,
  nextNumber: () => number,
  serving: Serving,
): Effect.fn.Return<ServedLaunch, never, Scope.Scope> {
  let end: LaunchEnd | undefined
  const following = yield* Effect.forkScoped(
    Effect.tap(old.launch.ended, (ended) => Effect.sync(() => void (end = ended))),
    { startImmediately: true },
  )
  const number = yield* takeOver(options, old, nextNumber)
  if (number === undefined) return old
  yield* options.publish(PluginEvent.cases.Recycling.make(old.name))
  const wanted = options.options.current()
  options.options.replacedWith(wanted)
  const started = yield* Effect.result(startLaunch(options, wanted, number))
  if (started._tag === "Failure") {
    yield* keepServing(options, old, wanted, started.failure, end === undefined)
    return old
  }
  const next = started.success
  yield* serving.beginServing(next)
  yield* options.publish(PluginEvent.cases.Replaced.make({ ...old.name, by: number }))
  options.options.launchedWith(wanted)
  options.options.settle({ _tag: "Replaced", generation: number })
  // Its stop takes up to its bounds, and the new one is watched meanwhile.
  yield* Effect.suspend(() => {
    const endedBefore = end
    return Effect.andThen(
      old.stop,
      endedBefore === undefined
        ? options.publish(PluginEvent.cases.Stopped.make(old.name))
        : serving.endedMeanwhile(old, endedBefore),
    )
  }).pipe(Effect.ensuring(Effect.sync(() => following.interruptUnsafe())), Effect.uninterruptible, Effect.forkScoped)
  return next
})

/** Waits until no call is under way, and then takes none. After its bound it takes none at once, and lets those end for as long as a stop does. */
const takeOver = Effect.fnUntraced(function* (
  { onRecycle, publish, recycleMillis }: NextLaunchOptions,
  { launch, name, options }: ServedLaunch,
  nextNumber: () => number,
) {
  const { admission, ended, inFlight } = launch
  const isOver = Effect.as(ended, "Ended" as const)
  const idle = yield* Effect.raceFirst(
    isOver,
    RunningTime.timeoutOption(admission.pauseWhenIdle, Duration.millis(recycleMillis)),
  )
  if (idle === "Ended") return undefined
  const number = nextNumber()
  yield* onRecycle(launch, number)
  if (Option.isNone(idle)) {
    yield* admission.pause
    yield* publish(PluginEvent.cases.Draining.make({ ...name, operations: inFlight() }))
    yield* RunningTime.timeoutOption(
      Effect.raceFirst(isOver, admission.untilIdle),
      Duration.millis(options.supervision.stop.drainMillis),
    )
  }
  return number
})

const keepServing = Effect.fnUntraced(function* (
  { onReady, options, publish }: NextLaunchOptions,
  old: ServedLaunch,
  wanted: PluginOptions,
  error: PluginStartFailed,
  serves: boolean,
) {
  yield* old.launch.admission.resume
  // One that has ended meanwhile is restarted by its policy.
  if (serves) yield* onReady(old.launch)
  options.restore(wanted, old.options)
  options.launchedWith(old.options)
  // Before it is told: a call that is tried again then waits for what comes of that.
  options.settle({ _tag: "Kept", error })
  yield* publish(PluginEvent.cases.RecycleFailed.make({ ...old.name, reason: error.reason }))
})
