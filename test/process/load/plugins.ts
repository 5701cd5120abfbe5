/** The plugins of an agent, found by their parent and killed by their ids. */
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync } from "node:fs"

const parentOf = (stat: string): number => Number(/\) \S (\d+)/.exec(stat)?.[1])

/** The processes that an agent has started and that serve a plugin. */
const pluginsOf = (agent: number): ReadonlyArray<number> =>
  readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const isOwn = parentOf(readFileSync(`/proc/${name}/stat`, "utf8")) === agent
      return isOwn && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("fake-aws") ? [Number(name)] : []
    } catch {
      return []
    }
  })

/**
 * Kills the plugins of an agent, again and again. One that has done nothing yet,
 * which `hasWorked` says, is left until the next time: on a slow machine no launch
 * would ever get to its work. `onKill` is told of each.
 */
export const killAgainAndAgain = (agent: number, millis: number, hasWorked: () => boolean, onKill: () => void) =>
  Effect.sync(() => {
    if (!hasWorked()) return
    for (const pid of pluginsOf(agent)) {
      process.kill(pid, "SIGKILL")
      onKill()
    }
  }).pipe(Effect.delay(millis), Effect.forever)
