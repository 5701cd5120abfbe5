/** The kit itself is tested by a plugin with one mistake at a time: exactly the checks that should fail do. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { fileURLToPath } from "node:url"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { allChecks, type CheckId, testPlugin } from "../../../src/testing/conformance/index.ts"
import { readMustLines } from "../../protocol/musts.ts"
import { isWhole } from "../../shortForm.ts"
import type { Mutation } from "./Mutation.ts"
import { mutations } from "./mutations.ts"

const directory = fileURLToPath(new URL("../../fixtures/plugins/wrong", import.meta.url))

/** No mistake at all: all checks run. */
const none: Mutation = { fault: "none", musts: [], fails: [], warns: [] }

it("each check is failed by a mistake", () => {
  const found = mutations.flatMap(({ fails, warns }) => [...fails, ...warns])
  // A run that is cut off has a test of its own.
  assert.sameMembers([...new Set([...found, "run.completed"])], Object.keys(allChecks))
})

it("each MUST has a mistake that breaks it, and all but one are found", () => {
  const musts = readMustLines().flatMap(({ ids }) => ids)
  assert.sameMembers([...new Set(mutations.flatMap((one) => one.musts))], musts)
  const seen = new Set(mutations.flatMap(({ musts: broken, unseen }) => (unseen === undefined ? broken : [])))
  assert.deepEqual(
    musts.filter((must) => !seen.has(must)),
    ["handshake.noSettings"],
  )
})

/** Soon, because some mistakes never answer. */
const limits = { answerMillis: 3_000, exitGraceMillis: 2_000, operationMillis: 10_000 }

/** Each is a dozen processes: more of them at once would only be in each other's way. */
const turns = Semaphore.makeUnsafe(2)

/** Undefined is the whole kit. In the short form only the first of the checks runs that are to find the mistake. */
const checksFor = ({ fails, warns }: Mutation): ReadonlyArray<CheckId> | undefined => {
  const found = [...fails, ...warns]
  return isWhole || found.length === 0 ? undefined : found.slice(0, 1)
}

describe("a plugin that", { concurrent: true, timeout: 120_000 }, () => {
  it.live.each([none, ...mutations].map((one) => [one.fault, one] as const))("%s", ([fault, mutation]) =>
    Effect.gen(function* () {
      const chosen = checksFor(mutation)
      const { checks } = yield* testPlugin({ directory, limits, checks: chosen }).pipe(
        Effect.provideService(HostEnvironment, { ...process.env, WRONG_FAULT: fault }),
        Effect.provide(NodeServices.layer),
        turns.withPermit,
      )
      const isChosen = (id: CheckId) => chosen?.includes(id) !== false
      const found = checks.filter(({ id, status }) => isChosen(id) && (status === "failed" || status === "warned"))
      const idsOf = (wanted: string) => found.filter(({ status }) => status === wanted).map(({ id }) => id)
      const told = JSON.stringify(found, null, 2)
      assert.sameMembers(idsOf("failed"), mutation.fails.filter(isChosen), told)
      assert.sameMembers(idsOf("warned"), mutation.warns.filter(isChosen), told)
    }),
  )
})
