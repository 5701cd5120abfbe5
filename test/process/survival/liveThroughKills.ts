/** Lives through one history with the command as it is shipped, and checks what is left at the end. */
import { assert } from "@effect/vitest"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { perform } from "../../survival/Command.ts"
import { commandOf, formaName, settleByHand } from "../../survival/cutOff.ts"
import { checkInvariants, cloudResources, inventoryRows } from "../../survival/invariants.ts"
import type { Scenario } from "../../survival/scenarios.ts"
import { onAgent } from "../../survival/world.ts"
import { type Begun, type CommandFolder, type Ended, makeFolder } from "../formaeCommand.ts"
import { childrenThatRun, isGone, processesIn, untilGone } from "../processState.ts"
import { type Kill, type KillHistory, targets } from "./KillHistory.ts"

/** How often it is looked whether a victim is there. */
const lookEvery = "2 millis"

export interface Outcome {
  readonly history: KillHistory
  /** The kills that found a victim. */
  readonly struck: number
  /** Whether the first of them killed the agent before it had started a plugin. */
  readonly beforePlugin: boolean
  /** How many operations a human had to settle. */
  readonly asked: number
}

/** What is there when a scenario has ended: labels and types, without what the provider chooses. */
const shapeOf = (cloud: string, state: string) => ({
  inventory: inventoryRows(state)
    .map(({ label, type }) => `${label} ${type}`)
    .toSorted(),
  cloud: cloudResources(cloud).map(({ type }) => type),
})

/** A folder with the state and the cloud of a scenario before its command, and the command as a process. */
const prepare = Effect.fnUntraced(function* (scenario: Scenario) {
  const folder: CommandFolder = yield* makeFolder
  const cloud = folder.at("cloud.db")
  const state = folder.at("state.db")
  const command = commandOf(cloud, scenario, scenario.wanted)
  const before = commandOf(cloud, scenario, scenario.before)
  yield* onAgent(state, perform(before))
  const document = command.command === "apply" ? command : before
  if (document.command === "apply") folder.write("shop.json", JSON.stringify(document.forma))
  const begin = folder.begin(command.command, "shop.json", "--state", "state.db", "--json")
  return { cloud, state, command, begin }
})

/** How long a scenario takes with nothing killed, and what it ends in. */
export interface Calm {
  readonly millis: number
  readonly shape: ReturnType<typeof shapeOf>
}

export const liveUndisturbed = Effect.fnUntraced(function* (scenario: Scenario) {
  const { begin, cloud, state } = yield* prepare(scenario)
  const startedAt = performance.now()
  const { code, stderr } = yield* Effect.flatMap(begin, ({ ended }) => ended)
  const millis = performance.now() - startedAt
  assert.strictEqual(code, 0, stderr)
  return { millis, shape: shapeOf(cloud, state) } satisfies Calm
}, Effect.scoped)

const pluginsOf = (agent: number) => childrenThatRun("/fake-aws/", agent)
const victimsOf = {
  agent: (agent: number) => (isGone(agent) ? [] : [agent]),
  plugin: pluginsOf,
  guard: (agent: number) => childrenThatRun("guarded=", agent),
}

/** Kills at its moment, or as soon as its victims are there. Completes with how many there were before the agent ended. */
const kill = Effect.fnUntraced(function* (agent: number, { moment, target }: Kill, undisturbedMillis: number) {
  yield* Effect.sleep(moment * undisturbedMillis)
  const find = Effect.sync(() => targets[target].map((victim) => victimsOf[victim](agent)))
  const found = yield* Effect.repeat(find, {
    until: (all) => all.every((pids) => pids.length > 0) || isGone(agent),
    schedule: Schedule.spaced(lookEvery),
  })
  const beforePlugin = pluginsOf(agent).length === 0
  const pids = found.flat()
  // One that has ended meanwhile cannot be killed.
  yield* Effect.forEach(pids, (pid) => Effect.ignore(Effect.try(() => process.kill(pid, "SIGKILL"))))
  return { struck: pids.length > 0, beforePlugin, hitAgent: pids.includes(agent) }
})

const runWhileKilling = Effect.fnUntraced(function* (
  begun: Begun,
  kills: ReadonlyArray<Kill>,
  undisturbedMillis: number,
) {
  const killing = yield* Effect.forkChild(Effect.forEach(kills, (one) => kill(begun.pid, one, undisturbedMillis)))
  const ended = yield* begun.ended
  return { ended, done: (yield* Fiber.join(killing)).filter(({ struck }) => struck) }
})

const resultOf = ({ code, stderr, stdout }: Ended): CommandResult => {
  try {
    return JSON.parse(stdout) as CommandResult
  } catch {
    return assert.fail(`the command ended with ${code} and no result: ${stderr}`)
  }
}

/** Errors that are true, and that a human or the next command settles. */
const expected: ReadonlySet<string> = new Set(["NeedsAttention", "DependencyFailure"])
const mistakesIn = ({ error, resources }: CommandResult) => [
  ...(error === undefined ? [] : [error]),
  ...resources.flatMap((one) => (one.error === null || expected.has(one.error.code) ? [] : [one.error])),
]

export const liveThroughKills = Effect.fnUntraced(function* (history: KillHistory, { millis, shape }: Calm) {
  const { begin, cloud, command, state } = yield* prepare(history.scenario)
  const { done, ended } = yield* runWhileKilling(yield* begin, history.kills, millis)
  const crashes = done.length
  if (!done.some(({ hitAgent }) => hitAgent) && crashes <= 1) {
    assert.deepEqual(mistakesIn(resultOf(ended)), [], "one crash of a plugin or a guard fails nothing")
  }
  let asked = 0
  const again = Effect.gen(function* () {
    const result = resultOf(yield* Effect.flatMap(begin, (begun) => begun.ended))
    assert.deepEqual(mistakesIn(result), [], "the second one has no error")
    const open = yield* settleByHand(cloud, state, result, formaName)
    asked += open
    return { result, open }
  })
  // A human who had to decide something runs it once more.
  const last = yield* Effect.repeat(again, { until: ({ open }) => open === 0, times: 1 })
  assert.strictEqual(last.result.status, "succeeded", JSON.stringify(last.result))
  yield* Effect.forEach(processesIn(dirname(state)), untilGone)
  checkInvariants(cloud, state)
  assert.deepEqual(shapeOf(cloud, state), shape, "it ends in what an undisturbed one gives")
  if (command.command === "apply") {
    const third = yield* onAgent(state, perform(command))
    assert.deepEqual(
      third?.resources.filter(({ operation }) => operation !== "noop"),
      [],
      "nothing is left to do",
    )
  }
  return { history, struck: crashes, beforePlugin: done[0]?.beforePlugin ?? false, asked } satisfies Outcome
}, Effect.scoped)
