/** The steps in real processes, which are killed by SIGKILL. The environment says what to kill, and when. */
import { writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import type { Victim } from "../../src/testing/Reaper.ts"
import type { Steps } from "../../src/testing/Steps.ts"

export const stepVariables = {
  step: "FORMAE_TEST_STEP",
  victim: "FORMAE_TEST_VICTIM",
  struck: "FORMAE_TEST_STRUCK",
} as const

const kill = (pid: number | undefined) => {
  if (pid !== undefined) process.kill(pid, "SIGKILL")
}

/** `other` is the process of the agent for the plugin, and that of the plugin for the agent. */
export const makeProcessReaper = (
  environment: Readonly<Record<string, string | undefined>>,
  other: () => number | undefined,
): Steps => {
  const { [stepVariables.victim]: victim, [stepVariables.step]: armed, [stepVariables.struck]: struck } = environment
  const counts = new Map<string, number>()

  /** Only once, in the first process and launch that reaches the step: the file is the memory that survives. */
  const isNow = (name: string): Victim | undefined => {
    const time = (counts.get(name) ?? 0) + 1
    counts.set(name, time)
    if (armed !== `${name}#${time}` || struck === undefined) return undefined
    try {
      writeFileSync(struck, armed, { flag: "wx" })
    } catch {
      return undefined
    }
    return victim as Victim
  }
  const reach = (name: string, itself: Victim) =>
    Effect.sync(() => {
      const killed = isNow(name)
      if (killed === undefined) return
      if (killed !== itself) kill(other())
      // A plugin whose agent is dead continues its work as far as it gets.
      if (killed !== (itself === "agent" ? "plugin" : "agent")) kill(process.pid)
    })
  return {
    inAgent: (name) => reach(name, "agent"),
    beforeProvider: (name) => reach(name, "plugin"),
    beforeAnswer: (name) => reach(name, "plugin"),
  }
}
