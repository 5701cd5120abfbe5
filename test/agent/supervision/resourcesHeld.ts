/** What a process holds that a restart may leave behind. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { readdirSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

export interface ResourcesHeld {
  readonly fileDescriptors: number
  /** Of the process itself: those for its signals, its end, and what nobody caught. */
  readonly listeners: number
  readonly timers: number
  readonly fibers: number
}

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

/** The memory that is in use once all that can be freed has been, in MiB. */
export const heapUsedMiB = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

/** Runs `use` with a count of what this process holds, the fibers of `use` among it. */
export const countingResources = <A, E, R>(
  use: (held: Effect.Effect<ResourcesHeld>) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    let fibers = 0
    const held = Effect.sync(() => ({
      fileDescriptors: readdirSync("/proc/self/fd").length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
      fibers,
    }))
    return Effect.provideService(use(held), Metric.FiberRuntimeMetrics, {
      recordFiberStart: () => void (fibers += 1),
      recordFiberEnd: () => void (fibers -= 1),
    })
  })

/** What of `after` is more than `before`: nothing, where nothing leaks. */
export const grown = <Counts extends object>(before: Counts, after: NoInfer<Counts>): ReadonlyArray<string> => {
  const counts = new Map<string, number>(Object.entries(before))
  return Object.entries(after).flatMap(([name, count]: [string, number]) =>
    count > (counts.get(name) ?? 0) ? [`${name}: ${counts.get(name)} before, ${count} after`] : [],
  )
}
