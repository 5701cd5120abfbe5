/**
 * Kills an agent, its plugin, or both at one of their steps. A step of the agent
 * is just before or just after a write of its records, one of a plugin just
 * before or just after the provider's work.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Agent } from "../agent/Agent.ts"
import type { AgentRecords } from "../agent/AgentRecords.ts"
import type { StateLock } from "../agent/store/StateLock.ts"
import type { Vault } from "../agent/store/Vault.ts"
import type { PluginCoordinator } from "../agent/supervision/PluginCoordinator.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import type { FakeProcess } from "./FakeProcess.ts"
import { type FakeProgram, serves } from "./FakeProgram.ts"
import { commitStep, layerAgentWithSteps } from "./layerAgentWithSteps.ts"
import { makeStepCounter } from "./StepCounter.ts"
import type { Steps } from "./Steps.ts"
import { withSteps } from "./withSteps.ts"

export const victims = ["plugin", "agent", "both"] as const

/** What is killed. If it is the agent alone, the plugin still does what it was about to do, and nobody hears of it. */
export type Victim = (typeof victims)[number]

/** Kills an agent, its plugin, or both, at one of their steps, and lists the steps. `makeReaper` makes one. */
export interface Reaper {
  /** The same as `Agent.layer`, and its records, with steps. */
  readonly layerAgent: Layer.Layer<Agent | AgentRecords, never, PluginCoordinator | SqlClient | StateLock | Vault>
  /** A step of the agent that its host makes itself, such as before a write of its own. A dead agent gets no further. */
  readonly inAgent: (name: string) => Effect.Effect<void>
  /** The same as `serves`, with steps; the process dies with the agent. */
  readonly serves: <R>(plugin: ResourcePlugin<R>) => FakeProgram
  /**
   * Runs `use` to its end, or until the agent dies at a step: then its plugins
   * are killed, `use` is interrupted, and the result is none. A dead agent writes
   * nothing more. Steps count only while this runs. Provide the agent's layers
   * inside `use`, so that they end with it.
   */
  readonly run: <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.Effect<Option.Option<A>, E, R>
  /** Whether it has killed. */
  readonly hasStruck: () => boolean
  /**
   * The steps that were reached so far, in order, as `put web, before#1`: the
   * name and its count. A step that is reached again and again, such as a poll,
   * is listed for its first two times.
   */
  readonly reached: () => ReadonlyArray<string>
}

/**
 * Makes a reaper for the life of one agent. It kills once: at the step with this
 * name, as `reached` lists it, or at the step with this number, 1 for the first.
 * Without a step it kills nothing, and only lists the steps.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { Agent, PluginCoordinator } from "formae/agent"
 * import { layerTestStore, makeReaper } from "formae/testing"
 *
 * const reaper = makeReaper(5)
 * const layer = Layer.provide(reaper.layerAgent, [PluginCoordinator.layerInProcess([]), layerTestStore])
 * const diesAtStepFive = reaper.run(Effect.provide(Effect.flatMap(Agent, ({ resume }) => resume()), layer))
 * ```
 */
export const makeReaper = (step?: string | number, victim: Victim = "agent"): Reaper => {
  const counter = makeStepCounter(step)
  const processes = new Set<FakeProcess>()
  const dying = Deferred.makeUnsafe<void>()
  let dead = false
  /** The agent alone is about to die, once the plugin has done its work. */
  let isAnswerLost = false

  const killPlugins = Effect.suspend(() =>
    Effect.forEach(processes, (process) => process.signal("SIGKILL"), { discard: true }),
  )
  const killAgent = Effect.suspend(() => {
    dead = true
    return Deferred.succeed(dying, undefined)
  })
  const kill = {
    plugin: killPlugins,
    agent: killAgent,
    both: Effect.andThen(killAgent, killPlugins),
  }[victim]
  /** Nothing comes after it, because what runs it is dead. */
  const end = Effect.andThen(kill, Effect.never)

  const steps: Steps = {
    inAgent: (name) =>
      Effect.suspend(() => {
        // Writes wait for their COMMIT where they cannot be interrupted, so that it has to end. It is rolled back.
        const never = name === commitStep ? Effect.interrupt : Effect.never
        if (dead) return never
        if (!counter.isNow(name)) return Effect.void
        return victim === "plugin" ? kill : Effect.andThen(kill, never)
      }),
    beforeProvider: (name) =>
      Effect.suspend(() => {
        if (!counter.isNow(name)) return Effect.void
        isAnswerLost = victim === "agent"
        return isAnswerLost ? Effect.void : end
      }),
    beforeAnswer: (name) => Effect.suspend(() => (counter.isNow(name) || (isAnswerLost && !dead) ? end : Effect.void)),
  }

  return {
    layerAgent: layerAgentWithSteps(steps.inAgent),
    inAgent: steps.inAgent,
    serves: (plugin) => {
      const program = serves(withSteps(plugin, steps))
      return (process) =>
        Effect.suspend(() => {
          processes.add(process)
          return program(process)
        })
    },
    run: Effect.fnUntraced(function* (use) {
      counter.watch(true)
      const running = yield* Effect.forkChild(use)
      const died = Effect.andThen(Deferred.await(dying), Effect.andThen(killPlugins, Fiber.interrupt(running)))
      yield* Effect.raceFirst(Fiber.await(running), died)
      counter.watch(false)
      isAnswerLost = false
      return dead ? Option.none() : Option.some(yield* Fiber.join(running))
    }),
    hasStruck: counter.hasStruck,
    reached: counter.reached,
  }
}
