/** Agents that are cut off, and what is resumed. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import type { CommandOptions } from "../../../src/agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { type Resources, shop } from "../shop.ts"

export const only = (...labels: ReadonlyArray<string>): Resources =>
  Object.fromEntries(labels.flatMap((label) => (shop[label] === undefined ? [] : [[label, shop[label]]])))

/** The provider does the work, but does not answer. */
export const silentAfter = (label: string): Properties => ({
  operation: "create",
  label,
  when: "after",
  action: "hang",
})
export const slow: Properties = { settleMillis: 10_000 }

/** Applies until an event, and is cut off there. */
export const cutOff = (forma: Forma, until: (event: ChangeEvent) => boolean) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const reached = yield* Deferred.make<void>()
    const apply = yield* Effect.forkChild(
      agent.apply(forma, {
        observe: (event) => (until(event) ? Effect.asVoid(Deferred.succeed(reached, undefined)) : Effect.void),
        whenInterrupted: "leave",
      }),
    )
    yield* Deferred.await(reached)
    yield* Fiber.interrupt(apply)
  })

/** Applies until the cloud has `count` resources, and is cut off before the agent has an answer. */
export const cutOffUnanswered = (
  forma: Forma,
  resources: Effect.Effect<ReadonlyArray<unknown>, unknown>,
  count = 1,
  options: CommandOptions = {},
) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const apply = yield* Effect.forkChild(agent.apply(forma, { ...options, whenInterrupted: "leave" }))
    yield* Effect.yieldNow.pipe(
      // The cloud does not exist before its first call.
      Effect.andThen(Effect.catchCause(resources, () => Effect.succeed([]))),
      Effect.repeat({ until: (made) => made.length === count }),
    )
    yield* Fiber.interrupt(apply)
  })

export const hasProgressed =
  (label: string) =>
  (event: ChangeEvent): boolean =>
    event._tag === "Progressed" && event.change.label === label

export const resume = Effect.flatMap(Agent, (agent) => withPassingTime(agent.resume()))

export const errorOf = ({ resources }: CommandResult, label: string) =>
  resources.find((one) => one.label === label)?.error
