/** Kills a `formae mv` at one of its steps, and checks that its resource has one label: the old one or the new one. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { formaOf, type Resources } from "../agent/shop.ts"
import { perform } from "./Command.ts"
import { formaName, inMemory, makeSetting, type Runner } from "./cutOff.ts"
import { checkInvariants, cloudResources, inventoryRows, rowsOf } from "./invariants.ts"
import { makeReaper } from "../../src/testing/Reaper.ts"
import { onAgent } from "./world.ts"

const move = { command: "move", from: "net", to: "network" } as const

/** A network under a label, and what refers to it. */
const under = (label: string): Resources => ({
  [label]: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: `${label}.VpcId` }, CidrBlock: "10.1.0.0/16" }],
})

const applyOf = (cloud: string, label: string) =>
  ({
    command: "apply",
    forma: formaOf(formaName, { cloud, region: "eu-west-1", settleMillis: 0 }, under(label)),
  }) as const

const labelsIn = (state: string) =>
  inventoryRows(state)
    .map(({ label }) => label)
    .toSorted()

const labelsOfHistory = (state: string) =>
  rowsOf<{ readonly label: string }>(state, "SELECT DISTINCT label FROM operations ORDER BY label").map(
    ({ label }) => label,
  )

/** The steps of a move in which nothing is killed. */
export const stepsOfMove = Effect.gen(function* () {
  const { cloud, state } = yield* makeSetting
  yield* onAgent(state, perform(applyOf(cloud, move.from)))
  const reaper = makeReaper()
  yield* onAgent(state, perform(move), reaper)
  assert.deepEqual(labelsIn(state), ["block", move.to])
  return reaper.reached()
}).pipe(Effect.scoped)

/** The label that the resource has after the agent was killed at a step. */
export const cutOffMove = (step: string, runner: Runner = inMemory) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    yield* onAgent(state, perform(applyOf(cloud, move.from)))
    const before = cloudResources(cloud)
    const { struck } = yield* runner.run(state, move, { step, victim: "agent" })
    assert.isTrue(struck, step)
    const [, label = ""] = labelsIn(state)
    assert.deepEqual(labelsIn(state), ["block", label], step)
    assert.include([move.from, move.to], label, step)
    assert.deepEqual(labelsOfHistory(state), ["block", label], `${step}: its history has the same label`)
    // What is left to do is the move itself, and nothing at the provider.
    if (label === move.from) yield* onAgent(state, perform(move))
    const again = yield* onAgent(state, perform(applyOf(cloud, move.to)))
    assert.deepEqual(
      again?.resources.map(({ operation }) => operation),
      ["noop", "noop"],
      step,
    )
    assert.deepEqual(cloudResources(cloud), before, step)
    checkInvariants(cloud, state)
    return label
  }).pipe(Effect.scoped)
