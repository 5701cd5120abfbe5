/** What a plugin has started outside of its process group, and how that is ended with the plugin. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { LaunchId } from "../../protocol/Identity.ts"
import { LaunchProcesses } from "./LaunchProcesses.ts"

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

/** In no process group. */
const noGroup = 0

export const makeRemnants = Effect.fnUntraced(function* (
  launch: LaunchId,
  terminateMillis: number,
): Effect.fn.Return<Remnants, never, LaunchProcesses> {
  const { find, signal } = yield* LaunchProcesses
  let asked: number | undefined
  const signalAll = (name: "SIGTERM" | "SIGKILL", group: number) =>
    Effect.tap(find(launch, group), (pids) => Effect.forEach(pids, (pid) => signal(pid, name), { discard: true }))
  const untilNone = <A>(look: Effect.Effect<ReadonlyArray<A>>, within: Duration.Input) =>
    Effect.timeoutOption(
      Effect.repeat(look, { until: (pids) => pids.length === 0, schedule: Schedule.spaced(lookEvery) }),
      within,
    )
  return {
    terminate: (group) =>
      Effect.gen(function* () {
        asked = yield* Clock.currentTimeMillis
        yield* signalAll("SIGTERM", group)
      }),
    kill: (group) => Effect.asVoid(signalAll("SIGKILL", group)),
    end: Effect.gen(function* () {
      const passed = asked === undefined ? terminateMillis : (yield* Clock.currentTimeMillis) - asked
      const left = yield* untilNone(find(launch, noGroup), Duration.millis(Math.max(0, terminateMillis - passed)))
      if (Option.isNone(left)) yield* untilNone(signalAll("SIGKILL", noGroup), killBound)
    }),
  }
})
