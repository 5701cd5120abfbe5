/** Runs a scenario on a runner, which has a fault at one of its steps; another runner takes over, and the first one comes back. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { perform } from "../Command.ts"
import { commandOf, formaName, makeSetting, settleByHand } from "../cutOff.ts"
import { checkInvariants, rowsOf } from "../invariants.ts"
import type { Scenario } from "../scenarios.ts"
import { leaseMillis, makeRunner, openState, type Runner, type SharedState, type Strike } from "./runner.ts"

/** When a runner that was paused or cut off is back: while the next one works, or once that has ended. */
export const returns = ["during", "after"] as const
export type Returns = (typeof returns)[number]

const tables = ["commands", "operations", "resources", "document_outputs", "documents", "claims", "claim_keys"]

/** All that a runner could have written, and what was changed in the cloud. */
const snapshotOf = (state: string, cloud: string) =>
  JSON.stringify([
    ...tables.map((table) => rowsOf(state, `SELECT * FROM ${table} ORDER BY 1, 2`)),
    rowsOf(cloud, "SELECT * FROM calls WHERE operation IN ('create', 'update', 'delete') ORDER BY seq"),
  ])

/** Applies what is there before, with nothing wrong. */
const prepare = Effect.fnUntraced(function* (shared: SharedState, cloud: string, scenario: Scenario) {
  const runner = yield* makeRunner("agent-0@here", shared)
  const holder = yield* runner.activate
  yield* runner.under(holder, perform(commandOf(cloud, scenario, scenario.before)))
}, Effect.scoped)

/** The steps of a scenario on a runner to which nothing happens. */
export const stepsOf = (scenario: Scenario) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    const shared = yield* openState(state)
    yield* prepare(shared, cloud, scenario)
    const runner = yield* makeRunner("agent-1@here", shared)
    runner.counter.watch(true)
    const result = yield* runner.under(yield* runner.activate, perform(commandOf(cloud, scenario, scenario.wanted)))
    assert.strictEqual(result.status, "succeeded")
    checkInvariants(cloud, state)
    return runner.counter.reached()
  }).pipe(Effect.scoped)

/** Whether no command runs, as the journal says. */
const hasEnded = (state: string) => rowsOf(state, "SELECT 1 FROM commands WHERE status = 'running'").length === 0

/** A command that a runner does not end. */
interface Left {
  readonly runner: Runner
  /** Whether its end was in the journal before the fault. */
  readonly hadEnded: boolean
  readonly running: Fiber.Fiber<CommandResult, unknown>
}

const countCommands = (state: string) => rowsOf(state, "SELECT 1 FROM commands").length

const isRefused = (exit: Exit.Exit<CommandResult, unknown>): boolean =>
  Exit.isFailure(exit) || exit.value.status !== "succeeded"

/** What became of one history. */
export interface TakenOver {
  /** How many runners the fault has struck. */
  readonly struck: number
  /** How many operations a human had to settle. */
  readonly asked: number
}

export const takeOver = (scenario: Scenario, strikes: ReadonlyArray<Strike>, back: Returns) =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    const shared = yield* openState(state)
    yield* prepare(shared, cloud, scenario)
    const command = perform(commandOf(cloud, scenario, scenario.wanted))
    const before = countCommands(state)
    const left: Array<Left> = []
    let result: CommandResult | undefined
    let last: Runner | undefined
    for (const [at, strike] of [...strikes, undefined].entries()) {
      if (result !== undefined) break
      const runner = yield* makeRunner(`agent-${at + 1}@here`, shared, strike)
      const holder = yield* runner.activate
      runner.counter.watch(true)
      for (const { runner: stale } of left) {
        stale.isStale()
        if (back === "during") yield* stale.comeBack
      }
      const resumed = (agent: Parameters<typeof command>[0]) =>
        Effect.filterOrElse(
          agent.resume({ forma: formaName }),
          ({ resources }) => resources.length > 0,
          () => command(agent),
        )
      const running = yield* Effect.forkChild(runner.under(holder, at === 0 ? command : resumed))
      yield* Effect.raceFirst(Effect.exit(Fiber.join(running)), runner.struck)
      const ended = running.pollUnsafe()
      if (ended === undefined && strike !== undefined) {
        const hadEnded = hasEnded(state) && countCommands(state) > before
        left.push({ runner, running, hadEnded })
        if (strike.fault === "kill") yield* runner.bury(running)
        yield* TestClock.adjust(leaseMillis)
      } else {
        result = yield* Fiber.join(running)
        last = runner
      }
    }
    assert.isDefined(result)
    assert.isDefined(last)
    const written = snapshotOf(state, cloud)
    for (const { hadEnded, runner, running } of left) {
      yield* runner.comeBack
      const exit = yield* Fiber.await(running)
      assert.isTrue(hadEnded || isRefused(exit), `${runner.name} says that it has ended the command`)
      assert.deepEqual(runner.late(), [], `${runner.name} writes and acts after it was replaced`)
    }
    if (back === "after") assert.strictEqual(snapshotOf(state, cloud), written, "a stale runner has written or acted")
    const again = yield* makeRunner("agent-9@here", shared)
    const holder = yield* again.activate
    const asked = yield* settleByHand(cloud, state, result, formaName, (use) => again.under(holder, use))
    const failures = result.resources.filter(
      ({ error }) => error !== null && error.code !== "NeedsAttention" && error.code !== "DependencyFailure",
    )
    assert.deepEqual(failures, [], "nothing failed")
    const finished = yield* again.under(holder, command)
    assert.strictEqual(finished.status, "succeeded")
    if (scenario.wanted !== undefined) {
      const once = yield* again.under(holder, command)
      assert.deepEqual(
        once.resources.filter(({ operation }) => operation !== "noop"),
        [],
        "nothing is left to do",
      )
    }
    checkInvariants(cloud, state)
    return { struck: left.length, asked } satisfies TakenOver
  }).pipe(Effect.scoped)
