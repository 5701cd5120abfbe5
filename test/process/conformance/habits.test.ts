/** The kit blames no plugin for what is unusual and allowed, and no check for what another one looks at. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { type CheckId, findSamples, testPlugin } from "../../../src/testing/conformance/index.ts"
import { folderOf } from "./conforms.ts"

const directory = folderOf("test/fixtures/plugins/wrong")
const limits = { answerMillis: 3_000, exitGraceMillis: 2_000, operationMillis: 10_000 }

/** What came of these checks. The sample has two values of the property that may be dropped. */
const outcomes = Effect.fnUntraced(function* (habit: string, checks: ReadonlyArray<CheckId>) {
  const { samples = [], ...rest } = (yield* findSamples(directory)) ?? {}
  const withTwoValues = samples.map((sample) => ({ ...sample, update: { ...sample.update, Note: "it is old" } }))
  const report = yield* testPlugin({ directory, limits, checks, samples: { ...rest, samples: withTwoValues } }).pipe(
    Effect.provideService(HostEnvironment, { ...process.env, WRONG_FAULT: habit }),
  )
  return Object.fromEntries(
    report.checks.flatMap(({ id, note, seen, status }) =>
      checks.includes(id) ? [[id, `${status}: ${seen ?? note ?? ""}`]] : [],
    ),
  )
}, Effect.provide(NodeServices.layer))

const refused = "passed: none; refused: Note"
const notListed = "skipped: it cannot be listed whether there are more"

describe("a plugin that", { concurrent: true, timeout: 60_000 }, () => {
  it.live.each<readonly [habit: string, expected: Partial<Record<CheckId, string>>]>([
    ["refuses as not updatable to drop what cannot be taken away", { "type.dropped": refused }],
    ["refuses as invalid to drop what cannot be taken away", { "type.dropped": refused }],
    ["falls back to a value of the sample", { "type.dropped": "passed: Note" }],
    ["keeps what is not wanted any more", { "type.dropped": "failed: Note: it is old" }],
    ["returns the hash of its secret, as its canonical form does", { "type.masks": "passed: " }],
    ["reports its last failure before it is the end", { "type.retries": "passed: " }],
    ["retries once too often", { "type.retries": "failed: 5" }],
    ["reports no failure that it retries", { "type.retries": "failed: []" }],
    ["knows leases", { "calls.lease": "passed: " }],
    // A shim may say that of its program. The kit kills what it has started.
    ["says the pid of another process", { "type.killed": "passed: " }],
    [
      "cannot list",
      {
        "type.list": "failed: ListFailed: ServiceInternalError: no such call",
        "type.repeatedInProgress": notListed,
        "type.twiceInFlight": notListed,
        "type.killed": notListed,
        "type.notStarted": notListed,
      },
    ],
  ])("%s", ([habit, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* outcomes(habit, Object.keys(expected) as ReadonlyArray<CheckId>), expected)
    }),
  )
})
