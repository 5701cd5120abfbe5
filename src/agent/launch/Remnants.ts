/** What a plugin has started outside of its process group, and how that is ended with the plugin. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { LaunchId } from "../../protocol/Identity.ts"
import { type LaunchProcess, LaunchProcesses } from "./LaunchProcesses.ts"

/** How often it is looked whether a process that was asked to leave has left. */
const lookEvery = "50 millis"

/** How long it may take until a process that was killed is gone, and what it has started meanwhile. */
const killBound = "1 second"

export interface Remnants {
  /** Asks them to leave, as the group of the plugin is asked. Does not wait. */
  readonly terminate: (group: number) => Effect.Effect<void>
  /** Kills them. */
  readonly kill: (group: number) => Effect.Effect<void>
  /**
   * Completes when nothing of the launch is left. Kills what has not left
   * when `terminateMillis` have passed since it was asked to.
   */
  readonly end: Effect.Effect<void>
}

export const makeRemnants = Effect.fnUntraced(function* (
  launch: LaunchId,
  terminateMillis: number,
): Effect.fn.Return<Remnants, never, LaunchProcesses> {
  const { find, signal } = yield* LaunchProcesses
  let asked: number | undefined
  let nothingLeft = false
  const signalAll = (processes: ReadonlyArray<LaunchProcess>, name: "SIGTERM" | "SIGKILL") =>
    Effect.forEach(processes, ({ pid }) => signal(pid, name), { discard: true })
  const outside = (processes: ReadonlyArray<LaunchProcess>, group: number) =>
    processes.filter((one) => one.group !== group)
  const untilNone = <A>(look: Effect.Effect<ReadonlyArray<A>>, within: Duration.Input) =>
    Effect.timeoutOption(
      Effect.repeat(look, { until: (processes) => processes.length === 0, schedule: Schedule.spaced(lookEvery) }),
      within,
    )
  const killAll = Effect.tap(find(launch), (processes) => signalAll(processes, "SIGKILL"))
  return {
    terminate: Effect.fnUntraced(function* (group) {
      asked = yield* Clock.currentTimeMillis
      const processes = yield* find(launch)
      nothingLeft = processes.length === 0
      yield* signalAll(outside(processes, group), "SIGTERM")
    }),
    kill: (group) => Effect.flatMap(find(launch), (processes) => signalAll(outside(processes, group), "SIGKILL")),
    end: Effect.gen(function* () {
      // What has no process starts none.
      if (nothingLeft) return
      const passed = asked === undefined ? terminateMillis : (yield* Clock.currentTimeMillis) - asked
      const left = yield* untilNone(find(launch), Duration.millis(Math.max(0, terminateMillis - passed)))
      if (Option.isSome(left)) return
      // Once without a bound: with many processes on the machine, to look takes long.
      yield* killAll
      yield* untilNone(killAll, killBound)
    }),
  }
})
