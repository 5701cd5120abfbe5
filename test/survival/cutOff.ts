/** Runs a scenario, kills at one of its steps, resumes, and checks the invariants. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { NativeId } from "../../src/protocol/Identity.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { type Command, perform } from "./Command.ts"
import { formaOf, type Resources } from "../agent/shop.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"
import { checkInvariants, type CloudResource, cloudResources, inventoryRows } from "./invariants.ts"
import { makeReaper, type Victim } from "../../src/testing/Reaper.ts"
import type { Scenario } from "./scenarios.ts"
import { applyUser, applyUserMeanwhile, checkUser, userName } from "./usedOutputs.ts"
import { onAgent, type Use } from "./world.ts"

export const formaName = "shop"

/** More often than a target of a history refuses the same call. */
const maxFaults = 5

export const makeSetting = Effect.gen(function* () {
  const folder = yield* temporaryFolder
  return { cloud: join(folder, "cloud.db"), state: join(folder, "state.db") }
})

export const commandOf = (
  cloud: string,
  { createsFirst, moved = [], only, settleMillis, user, wanted }: Scenario,
  resources: Resources | undefined,
): Command => {
  if (resources === undefined) return { command: "destroy", name: formaName }
  const config = { cloud, region: "eu-west-1", settleMillis }
  const plain = formaOf(formaName, config, resources)
  const createFirst = plain.resources.map((one) => ({ ...one, replace: "createFirst" as const }))
  const forma = createsFirst === true ? { ...plain, resources: createFirst } : plain
  const stated = resources === wanted ? { ...forma, moved } : forma
  if (resources === wanted && only !== undefined) return { command: "apply", forma: stated, only: only.labels }
  if (user === undefined) return { command: "apply", forma: stated }
  const next = formaOf(userName, config, user.resources)
  return { command: "apply", forma: { ...stated, outputs: user.outputs }, next }
}

/** Settles what needs attention, as a human does after a look at the cloud. Only a widget may need it. */
export const settleByHand = Effect.fnUntraced(function* (
  cloud: string,
  state: string,
  result: CommandResult | undefined,
  ofForma: string,
  settled: (use: Use<unknown, unknown>) => Effect.Effect<unknown, unknown> = (use) => onAgent(state, use),
) {
  const open = (result?.resources ?? []).filter(({ error }) => error?.code === "NeedsAttention")
  for (const { forma, label, type } of open) {
    // The results of a resume name their formae.
    const operation = { label, forma: forma ?? ofForma }
    assert.strictEqual(type, "FakeAWS::Legacy::Widget", `${label} can be decided without a human`)
    const known = new Set(inventoryRows(state).map(({ native_id }) => native_id))
    const found = cloudResources(cloud).find((one) => one.type === type && !known.has(one.native_id))
    yield* settled((agent): Effect.Effect<unknown, unknown> =>
      found === undefined
        ? agent.forget(operation)
        : agent.adopt(operation, NativeId.make(found.native_id)).pipe(
            // The provider may refuse the read of an adoption. A human tries again.
            Effect.retry({ times: maxFaults, while: ({ _tag }) => _tag === "ChangeFailed" }),
          ),
    )
  }
  return open.length
})

/** The steps of a scenario in which nothing is killed. */
export const stepsOf = (scenario: Scenario) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    yield* onAgent(state, perform(commandOf(cloud, scenario, scenario.before)))
    const reaper = makeReaper()
    const result = yield* onAgent(state, perform(commandOf(cloud, scenario, scenario.wanted)), reaper)
    assert.strictEqual(result?.status, "succeeded")
    checkInvariants(cloud, state)
    return reaper.reached()
  }).pipe(Effect.scoped)

/** The result of one killing. */
export interface Survived {
  /** Whether the step was reached this time. */
  readonly struck: boolean
  /** How many operations a human had to settle. */
  readonly asked: number
}

/** Runs the command that is cut off, and the one that resumes it, in memory or as processes. The result is undefined if the agent was killed. */
export interface Runner {
  readonly run: (
    state: string,
    command: Command,
    death: { readonly step: string; readonly victim: Victim } | undefined,
  ) => Effect.Effect<{ readonly result: CommandResult | undefined; readonly struck: boolean }, unknown>
}

export const inMemory: Runner = {
  run: Effect.fnUntraced(function* (state, command, death) {
    const reaper = makeReaper(death?.step, death?.victim)
    const result = yield* onAgent(state, perform(command), reaper)
    return { result, struck: reaper.hasStruck() }
  }),
}

/** The command again: a label whose resource it has deleted means nothing any more. */
const stillLimited = (state: string, command: Command): Command => {
  if (command.command !== "apply" || command.only === undefined) return command
  const labels = new Set([...command.forma.resources, ...inventoryRows(state)].map(({ label }) => label))
  return { ...command, only: command.only.filter((label) => labels.has(label)) }
}

/** A cloud and a state, in which the first command of a scenario has ended. */
export const beginning = Effect.fnUntraced(function* (scenario: Scenario) {
  const setting = yield* makeSetting
  yield* onAgent(setting.state, perform(commandOf(setting.cloud, scenario, scenario.before)))
  return setting
})

/** Begins again and again with what the first command has left: a copy in the same place, because the state knows where its cloud is. */
export const makeBeginnings = Effect.fnUntraced(function* (scenario: Scenario) {
  const setting = yield* beginning(scenario)
  const folder = dirname(setting.state)
  const kept = join(yield* temporaryFolder, "kept")
  cpSync(folder, kept, { recursive: true })
  return Effect.sync(() => {
    rmSync(folder, { recursive: true })
    cpSync(kept, folder, { recursive: true })
    return setting
  })
})

export const cutOff = (
  scenario: Scenario,
  step: string,
  victim: Victim,
  runner: Runner = inMemory,
  begin: ReturnType<typeof beginning> = beginning(scenario),
) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* begin
    const before = cloudResources(cloud)
    const command = commandOf(cloud, scenario, scenario.wanted)
    const { result: first, struck } = yield* runner.run(state, command, { step, victim })
    if (first === undefined) yield* applyUserMeanwhile(cloud, state, command)
    const resumed = first ?? (yield* runner.run(state, { command: "resume" }, undefined)).result
    assert.isDefined(resumed)
    if (first === undefined) yield* applyUser(cloud, state, command)
    const asked = yield* settleByHand(cloud, state, resumed, formaName)
    const failures = resumed.resources.filter(
      ({ error }) => error !== null && error.code !== "NeedsAttention" && error.code !== "DependencyFailure",
    )
    assert.deepEqual(failures, [], "nothing failed")
    // Once more, for what was not begun. It finds everything that was done.
    const last = yield* onAgent(state, perform(stillLimited(state, command)))
    assert.strictEqual(last?.status, "succeeded")
    if (scenario.wanted !== undefined) {
      const again = yield* onAgent(state, perform(stillLimited(state, command)))
      const left = again?.resources.filter(({ operation }) => operation !== "noop")
      assert.deepEqual(left, [], "nothing is left to do")
    }
    checkInvariants(cloud, state)
    const spared = scenario.only?.spares ?? []
    const ofSpared = (all: ReadonlyArray<CloudResource>) => all.filter(({ native_id }) => spared.includes(native_id))
    assert.deepEqual(ofSpared(cloudResources(cloud)), ofSpared(before), "what was not chosen is as it was")
    assert.lengthOf(ofSpared(before), spared.length)
    const chosen = scenario.only?.labels ?? []
    const known = inventoryRows(state).filter(
      ({ label }) => chosen.includes(label) && scenario.wanted?.[label] === undefined,
    )
    assert.deepEqual(known, [], "what was chosen and is not wanted is gone")
    if (scenario.user !== undefined) checkUser(cloud, state)
    if (scenario.moved !== undefined) {
      const tokens = (all: ReadonlyArray<CloudResource>) => all.map(({ token }) => token)
      assert.deepEqual(tokens(cloudResources(cloud)), tokens(before), "P13: a renamed label keeps its resource")
    }
    return { struck, asked } satisfies Survived
  })
