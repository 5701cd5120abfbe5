/**
 * The steps at which something may die, each with a name, and the one at which
 * it does. A step is reached in the plugin or in the agent; who dies of it is
 * the mode.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Who is killed. */
export type Mode = "plugin" | "agent" | "both"
export const modes: ReadonlyArray<Mode> = ["plugin", "agent", "both"]

/** Of what is reached again and again, such as a poll, so many times are steps of their own. */
const timesEach = 2

/** Where something may die. */
export interface Steps {
  /** A step of the agent. */
  readonly inAgent: (name: string) => Effect.Effect<void>
  /** A step of the plugin, ahead of what it asks the provider for. */
  readonly beforeProvider: (name: string) => Effect.Effect<void>
  /** A step of the plugin, ahead of its answer. */
  readonly beforeAnswer: (name: string) => Effect.Effect<void>
}

export interface Reaper extends Steps {
  /** The steps that were reached while it watched, as `name#time`, in their order. */
  readonly reached: () => ReadonlyArray<string>
  /** Counts steps from now on. */
  readonly watch: () => void
  /** Kills at this step: the one of this name, or the one that is reached as the nth of all. */
  readonly arm: (step: string | number, mode: Mode) => void
  /** Whether it has killed. */
  readonly hasStruck: () => boolean
  /** Completes when the agent is to die. */
  readonly agentDies: Effect.Effect<void>
  readonly isAgentDead: () => boolean
  /** Who kills the plugin that runs now. */
  pluginIs: (kill: Effect.Effect<void>) => void
  /** As the guard does, when the agent is dead. */
  readonly killPlugin: Effect.Effect<void>
}

export const makeReaper = (): Reaper => {
  const counts = new Map<string, number>()
  const reached: Array<string> = []
  const dying = Deferred.makeUnsafe<void>()
  let watching = false
  let armed: { readonly step: string | number; readonly mode: Mode } | undefined
  let total = 0
  let struck = false
  let dead = false
  /** In the mode `agent`, the plugin does what it was about to do, and nobody hears of it. */
  let unheard = false
  let killPlugin: Effect.Effect<void> = Effect.void

  const isNow = (name: string): Mode | undefined => {
    if (!watching || struck) return undefined
    const time = (counts.get(name) ?? 0) + 1
    counts.set(name, time)
    const step = `${name}#${time}`
    total += 1
    if (time <= timesEach) reached.push(step)
    if (armed?.step !== step && armed?.step !== total) return undefined
    struck = true
    return armed.mode
  }
  const killAgent = Effect.sync(() => {
    dead = true
    Deferred.doneUnsafe(dying, Exit.void)
  })

  return {
    reached: () => reached,
    watch: () => {
      watching = true
    },
    arm: (step, mode) => {
      watching = true
      armed = { step, mode }
    },
    hasStruck: () => struck,
    agentDies: Deferred.await(dying),
    isAgentDead: () => dead,
    pluginIs: (kill) => {
      killPlugin = kill
    },
    killPlugin: Effect.suspend(() => killPlugin),
    inAgent: (name) =>
      Effect.suspend(() => {
        if (dead) return Effect.never
        const mode = isNow(name)
        if (mode === undefined) return Effect.void
        if (mode === "plugin") return killPlugin
        return Effect.andThen(killAgent, mode === "both" ? Effect.andThen(killPlugin, Effect.never) : Effect.never)
      }),
    beforeProvider: (name) =>
      Effect.suspend(() => {
        const mode = isNow(name)
        if (mode === undefined) return Effect.void
        if (mode === "plugin") return Effect.andThen(killPlugin, Effect.never)
        if (mode === "both") return Effect.andThen(killAgent, Effect.andThen(killPlugin, Effect.never))
        unheard = true
        return Effect.void
      }),
    beforeAnswer: (name) =>
      Effect.suspend(() => {
        const mode = isNow(name)
        if (unheard || mode === "agent") return Effect.andThen(killAgent, Effect.never)
        if (mode === undefined) return Effect.void
        if (mode === "plugin") return Effect.andThen(killPlugin, Effect.never)
        return Effect.andThen(killAgent, Effect.andThen(killPlugin, Effect.never))
      }),
  }
}
