import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Agent } from "../../src/agent/Agent.ts"
import type { ChangeObserver } from "../../src/agent/apply/ChangeEvent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { Signal } from "./History.ts"

/** Runs a command, to which a signal comes after some of its events. The result is undefined if it was interrupted. */
export const withSignal = <E>(
  agent: Agent["Service"],
  signal: Signal | undefined,
  run: (options: CommandOptions) => Effect.Effect<CommandResult, E>,
): Effect.Effect<CommandResult | undefined, E> => {
  if (signal === undefined) return run({})
  const { after, kind } = signal
  const commandIds = new Set<string>()
  const interrupted = Deferred.makeUnsafe<void>()
  let events = 0
  const interrupt = Deferred.succeed(interrupted, undefined)
  const observe: ChangeObserver = ({ commandId }) =>
    Effect.suspend(() => {
      events += 1
      commandIds.add(commandId)
      if (events < after) return Effect.void
      if (kind === "interrupt" || kind === "leave") return interrupt
      const stop = Effect.forEach(commandIds, agent.stop, { discard: true })
      return kind === "stop" || events === after ? stop : Effect.andThen(stop, interrupt)
    })
  return Effect.raceFirst(
    run({ observe, whenInterrupted: kind === "leave" ? "leave" : "cancel" }),
    Effect.as(Deferred.await(interrupted), undefined),
  )
}
