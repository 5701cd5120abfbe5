/** Commands that are asked for over the API, and what their caller is told of them. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { makeReaper } from "../../../src/testing/Reaper.ts"
import { perform } from "../Command.ts"
import { commandOf, makeSetting, type Runner } from "../cutOff.ts"
import { checkInvariants, rowsOf } from "../invariants.ts"
import type { Scenario } from "../scenarios.ts"
import { onAgent } from "../world.ts"
import { onServedAgent } from "./servedAgent.ts"

const decodeChange = Schema.decodeUnknownSync(ChangeEvent)

/** What was done to each resource, as events tell it: each thing once. */
const doneIn = (events: ReadonlyArray<ChangeEvent>): ReadonlyArray<string> =>
  events
    .flatMap((event) =>
      event._tag === "Finished" && event.result.status === "succeeded" && event.result.operation !== "noop"
        ? [`${event.result.operation} ${event.forma} ${event.result.label}`]
        : [],
    )
    .toSorted()

interface Row {
  readonly command_id: string | null
  readonly event: string
}

/** The log has numbers without a gap, the client was told each event once, and each command has one end, which is kept. */
const checkTold = (state: string, told: ReadonlyArray<ChangeEvent>): void => {
  const rows = rowsOf<Row & { readonly number: number }>(
    state,
    "SELECT number, command_id, event FROM events ORDER BY number",
  )
  assert.deepEqual(
    rows.map(({ number }) => number),
    rows.map((_, index) => index + 1),
    "numbers grow by one",
  )
  const logged = rows.map(({ event }) => JSON.parse(event) as { readonly _tag: string; readonly event: unknown })
  const changes = logged.flatMap(({ _tag, event }) => (_tag === "Change" ? [decodeChange(event)] : []))
  assert.deepEqual(told, changes, "the client was told each event once, in its order")
  const requests = rowsOf<{ readonly request: string; readonly command_id: string; readonly record: string | null }>(
    state,
    "SELECT request, command_id, record FROM requests ORDER BY asked_at",
  )
  for (const { command_id: id, record, request } of requests) {
    assert.isNotNull(record, "what became of the command is kept")
    const ends = rows.filter((row, index) => row.command_id === id && logged[index]?._tag === "Ended")
    assert.lengthOf(ends, 1, `the command ${request} has one end`)
  }
  const ids = new Set(rows.flatMap(({ command_id }) => command_id ?? []))
  assert.deepEqual(ids, new Set(requests.map(({ command_id }) => command_id)), "a key is one command")
}

/** The formae and labels of the changes that the journal knows to have succeeded. */
const succeededIn = (state: string): ReadonlySet<string> => {
  const rows = rowsOf<{ readonly forma: string; readonly label: string }>(
    state,
    `SELECT forma, label FROM operations
      WHERE status = 'Succeeded' AND command_id IN (SELECT command_id FROM requests)`,
  )
  return new Set(rows.map(({ forma, label }) => `${forma} ${label}`))
}

/** What a command does, and its steps, if nothing is killed. */
export interface Course {
  readonly steps: ReadonlyArray<string>
  readonly done: ReadonlyArray<string>
}

/** The steps of a scenario over the API in which nothing is killed, and what is done then. */
export const courseOf = (scenario: Scenario): Effect.Effect<Course, unknown> =>
  Effect.gen(function* () {
    const { cloud, state } = yield* makeSetting
    yield* onAgent(state, perform(commandOf(cloud, scenario, scenario.before)))
    const reaper = makeReaper()
    const command = commandOf(cloud, scenario, scenario.wanted)
    const { result, told } = yield* onServedAgent(state, perform(command), reaper)
    assert.strictEqual(result.status, "succeeded")
    checkTold(state, told)
    checkInvariants(cloud, state)
    return { steps: reaper.reached(), done: doneIn(told) }
  }).pipe(Effect.scoped)

/** A create is the second half of a replace where the first one was done, and its answer was lost with the agent. */
const halfOf = (one: string, done: ReadonlyArray<string>): string => {
  const replace = one.replace(/^create /, "replace ")
  return done.includes(replace) ? replace : one
}

/** Runs a command over the API, with a client that stays while the agent is killed and followed by the next one. */
export const overApi = ({ done }: Course): Runner => ({
  run: Effect.fnUntraced(function* (state, command, death) {
    const reaper = makeReaper(death?.step, death?.victim)
    const { result, told } = yield* onServedAgent(state, perform(command), reaper)
    checkTold(state, told)
    const known = succeededIn(state)
    // An update that was found done is planned again, and then there is nothing to do.
    const expected = done.filter((one) => known.has(one.split(" ").slice(1).join(" ")))
    const toldDone = doneIn(told)
    assert.deepEqual(
      toldDone.map((one) => halfOf(one, done)).toSorted(),
      expected,
      "the client was told once of each change that was done",
    )
    const inResult = result.resources.flatMap(({ error, label, operation }) =>
      error === null && operation !== "noop" ? [`${operation} ${label}`] : [],
    )
    assert.sameMembers(
      inResult,
      toldDone.map((one) => one.replace(/ \S+/, "")),
      "the result is what was done",
    )
    return { result, struck: reaper.hasStruck() }
  }),
})
