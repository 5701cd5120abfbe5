import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../../src/agent/Agent.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop } from "../shop.ts"
import { hasProgressed, only, slow } from "./cutOff.ts"

const statuses = ({ resources }: CommandResult) =>
  resources.map(({ error, forma, label, status }) => `${forma} ${label} ${status}: ${error?.code}`)

/** An agent with three applies that were canceled before their first step. */
const makeCanceled = Effect.gen(function* () {
  const agent = yield* Agent
  const { target, writes } = yield* makeShop
  for (const name of ["first", "second", "third"]) {
    const canceled = yield* agent.apply(formaOf(name, target(slow), only("net")), { stopWhen: Effect.void })
    assert.strictEqual(canceled.status, "canceled")
    yield* TestClock.adjust("1 second")
  }
  return { agent, writes }
})

describe("a resume of several commands that is asked to stop", () => {
  it.effect("stops all of them, and runs the effect that it is given once", () =>
    Effect.gen(function* () {
      const { agent, writes } = yield* makeCanceled
      const isUnderWay = yield* Deferred.make<void>()
      let runs = 0
      const stopWhen = Effect.suspend(() => {
        runs += 1
        return Deferred.await(isUnderWay)
      })
      const resumed = yield* withPassingTime(
        agent.resume({
          stopWhen,
          observe: (event) =>
            hasProgressed("net")(event) ? Effect.asVoid(Deferred.succeed(isUnderWay, undefined)) : Effect.void,
        }),
      )
      assert.deepEqual(statuses(resumed), [
        "first net canceled: LeftUnderWay",
        "second net canceled: Canceled",
        "third net canceled: Canceled",
      ])
      assert.deepEqual(yield* writes, ["create EC2::VPC"])
      assert.strictEqual(runs, 1)
    }).pipe(Effect.provide(layerAgent())),
  )
})
