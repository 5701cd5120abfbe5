import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import { makeReaper } from "../../src/testing/Reaper.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOf } from "../agent/shop.ts"
import { isWhole } from "../shortForm.ts"
import { perform } from "./Command.ts"
import { type beginning, commandOf, formaName, makeBeginnings, settleByHand, stepsOf } from "./cutOff.ts"
import type { Signal } from "./History.ts"
import { checkInvariants, snapshotOf } from "./invariants.ts"
import { type Scenario, scenarios } from "./scenarios.ts"
import { withSignal } from "./withSignal.ts"
import { onAgent } from "./world.ts"

/** How a command is cut short: killed at a step, or by a signal. */
type Cut = { readonly step: string } | { readonly signal: Signal }

const kinds = ["stop", "stop, then interrupt", "interrupt", "leave"] as const

/** Cuts a command short, applies and destroys another forma, and then resumes the first one. */
const cutShort = (scenario: Scenario, cut: Cut, begin: ReturnType<typeof beginning>) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* begin
    const command = commandOf(cloud, scenario, scenario.wanted)
    yield* "step" in cut
      ? onAgent(state, perform(command), makeReaper(cut.step, "agent"))
      : onAgent(state, (agent) => withSignal(agent, cut.signal, (options) => perform(command)(agent, options)))

    const left = snapshotOf(cloud, state, formaName)
    const other = formaOf(
      "other",
      { cloud, region: "eu-west-1" },
      {
        its: ["FakeAWS::S3::Bucket", { BucketName: "its" }],
      },
    )
    const applied = yield* onAgent(state, (agent) => agent.apply(other))
    assert.strictEqual(applied?.status, "succeeded")
    const destroyed = yield* onAgent(state, (agent) => agent.destroy("other"))
    assert.strictEqual(destroyed?.status, "succeeded")
    assert.deepEqual(snapshotOf(cloud, state, formaName), left, "nothing of a forma changes under another's command")

    const resumed = yield* onAgent(state, (agent) => agent.resume({ forma: formaName }))
    yield* settleByHand(cloud, state, resumed, formaName)
    // Without a limit: a label that was deleted by now would be refused.
    const last = yield* onAgent(state, perform(commandOf(cloud, Struct.omit(scenario, ["only"]), scenario.wanted)))
    assert.strictEqual(last?.status, "succeeded")
    checkInvariants(cloud, state)
  }).pipe(Effect.scoped, withPassingTime)

/** Takes every `stride`-th, not from the first on: before it nothing was done. */
const some = <A>(all: ReadonlyArray<A>, count: number): ReadonlyArray<A> => {
  const stride = isWhole ? 1 : Math.max(1, Math.ceil(all.length / count))
  return all.filter((_, index) => index % stride === Math.floor(stride / 2))
}

describe("P14: whatever cuts a command short, no command on another forma continues or undoes it", () => {
  it.effect.each(scenarios)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const steps = yield* withPassingTime(stepsOf(scenario))
        const signals = kinds.flatMap((kind) => [1, 3, 5, 8, 12].map((after): Signal => ({ kind, after })))
        const cuts: ReadonlyArray<Cut> = [
          ...some(steps, 3).map((step) => ({ step })),
          ...some(signals, 3).map((signal) => ({ signal })),
        ]
        const begin = yield* withPassingTime(makeBeginnings(scenario))
        for (const cut of cuts) {
          yield* cutShort(scenario, cut, begin).pipe(
            Effect.catchCause((cause) => Effect.die(new Error(JSON.stringify(cut), { cause }))),
          )
        }
      }),
    600_000,
  )
})
