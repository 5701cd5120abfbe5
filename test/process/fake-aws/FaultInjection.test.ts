import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import { makeFakeCloud } from "../../plugins/fake-aws/FakeCloud.ts"

const outcomes = (calls: ReadonlyArray<{ readonly outcome: string }>) => calls.map(({ outcome }) => outcome)

const oneCreate = fileURLToPath(new URL("./oneCreate.ts", import.meta.url))

/** One create of a bucket in a process of its own, as far as it comes. */
const createInProcess = (targetConfig: Properties) =>
  Effect.sync(() =>
    spawnSync(process.execPath, ["--conditions=formae-source", oneCreate, JSON.stringify(targetConfig)], {
      encoding: "utf8",
    }),
  )

describe("faults that end or disturb a process", () => {
  it.effect("crash: the process is gone, and the truth is in the cloud", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const target = cloud.target({ faults: [{ operation: "create", when: "after", action: "crash" }] })
      const first = yield* createInProcess(target)
      assert.strictEqual(first.signal, "SIGKILL")
      assert.deepEqual(
        (yield* cloud.resources).map(({ native_id, token }) => [native_id, token]),
        [["shop-pictures", "op-1"]],
      )
      const second = yield* createInProcess(target)
      assert.strictEqual(second.status, 0)
      assert.deepEqual(outcomes(yield* cloud.calls), ["started", "succeeded"])
      assert.deepEqual(
        (yield* cloud.calls).map(({ native_id, pid }) => [native_id, pid]),
        [
          ["shop-pictures", first.pid],
          ["shop-pictures", second.pid],
        ],
      )
    }),
  )

  it.effect("garbage and stall: junk on file descriptor 1, and a blocked event loop", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const faults = [
        { operation: "create", when: "before", action: "garbage" },
        { operation: "create", when: "after", action: "stall", millis: 50 },
      ]
      const { status, stdout } = yield* createInProcess(cloud.target({ faults }))
      assert.deepEqual([status, stdout], [0, 'native: *** {"_tag":"Exit","requestId":\n'])
    }),
  )
})
