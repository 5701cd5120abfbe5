/** A document that uses an output of another one: what it may have, whatever was killed. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Command } from "./Command.ts"
import { rowsOf } from "./invariants.ts"
import { onAgent } from "./world.ts"

/** The document that uses the output `vpcId` in the tag of a bucket. */
export const userName = "user"

const tagsIn = (column: string, rows: string) =>
  `SELECT json_extract(${column}, '$.Tags[0].Value') AS value FROM ${rows}`
const valuesOf = (file: string, sql: string) =>
  rowsOf<{ readonly value: string | null }>(file, sql).map(({ value }) => value)

const tagsThere = (cloud: string) =>
  valuesOf(cloud, tagsIn("properties", "resources WHERE type = 'FakeAWS::S3::Bucket'"))

/** What the document has now, and what it was ever about to send. */
const checkHad = (cloud: string, state: string): void => {
  const had = valuesOf(
    cloud,
    "SELECT DISTINCT native_id AS value FROM calls WHERE type = 'FakeAWS::EC2::VPC' AND operation = 'create'",
  )
  const sent = valuesOf(state, tagsIn("desired", `operations WHERE forma = '${userName}'`))
  for (const value of [...sent, ...tagsThere(cloud)]) {
    assert.include(had, value, "a document has only values that the other one had")
  }
}

/** Once the other document has ended, and this one was applied after it. */
export const checkUser = (cloud: string, state: string): void => {
  checkHad(cloud, state)
  const last = valuesOf(cloud, "SELECT native_id AS value FROM resources WHERE type = 'FakeAWS::EC2::VPC'")
  assert.lengthOf(last, 1)
  assert.deepEqual(tagsThere(cloud), last, "it has the last value")
  const kept = valuesOf(
    state,
    "SELECT json_extract(outputs, '$.vpcId.value') AS value FROM document_outputs WHERE forma = 'shop'",
  )
  assert.deepEqual(kept, last, "the state has the last value")
}

const applyThen = Effect.fnUntraced(function* (state: string, command: Command) {
  if (command.command !== "apply" || command.next === undefined) return false
  const { next } = command
  const applied = yield* onAgent(state, (agent) => agent.apply(next))
  assert.strictEqual(applied?.status, "succeeded")
  return true
})

/** Applies the user of an output of a document whose own command is cut off. */
export const applyUserMeanwhile = Effect.fnUntraced(function* (cloud: string, state: string, command: Command) {
  const open = rowsOf(state, `SELECT 1 FROM commands WHERE status = 'running' AND forma <> '${userName}'`)
  // Its own command is resumed.
  if (open.length === 0) return
  if (yield* applyThen(state, command)) checkHad(cloud, state)
})

/** Applies it when everything is resumed. */
export const applyUser = Effect.fnUntraced(function* (cloud: string, state: string, command: Command) {
  if (yield* applyThen(state, command)) checkUser(cloud, state)
})
