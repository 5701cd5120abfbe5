import { assert, describe, it } from "@effect/vitest"
import type { ChangeEvent } from "../../src/agent/index.ts"
import { describeProgress, describeWaiting } from "../../src/cli/describeChange.ts"
import { NativeId, RequestId, ResourceType } from "../../src/protocol/index.ts"

type Progressed = Extract<ChangeEvent, { _tag: "Progressed" }>

const retry = { maxRetries: 9, baseMillis: 500, capMillis: 30_000 }
const failure = {
  code: "ServiceTimeout",
  message: "A::B::C: the Create handler of the plugin abc did not answer within 60000 ms",
} as const

const say = (progress: Omit<Progressed["progress"], "status">) =>
  describeProgress(
    {
      _tag: "Progressed",
      commandId: "c-1",
      forma: "shop",
      change: { label: "net", operation: "create", type: ResourceType.make("A::B::C"), changed: [] },
      progress: { status: "InProgress", ...progress },
    },
    retry,
  )

describe("the progress of a change", () => {
  it.each([
    [1, "500 ms"],
    [4, "4 s"],
    [9, "30 s"],
  ])("names try %i of 10 that failed, and when the next is", (attempts, next) => {
    assert.strictEqual(
      say({ attempts, failure }),
      `try ${attempts} of 10 failed with ServiceTimeout: ${failure.message}; the next is in about ${next}`,
    )
  })

  it("says when the next try is where the provider asks to wait for longer", () => {
    const busy = { code: "Throttling", message: "busy" } as const
    const next = (retryAfterMillis: number) => say({ attempts: 1, failure: { ...busy, retryAfterMillis } })
    assert.include(next(20_000), "the next is in about 20 s")
    assert.include(next(10), "the next is in about 500 ms")
    assert.include(next(3_600_000), "the next is in about 5 min")
  })

  it("counts no questions about accepted work", () => {
    assert.strictEqual(
      say({ attempts: 1, failure, requestId: RequestId.make("r-1") }),
      `retrying after ServiceTimeout: ${failure.message}`,
    )
    assert.strictEqual(say({ attempts: 1, nativeId: NativeId.make("n-1") }), "in progress (n-1)")
  })
})

describe("a command that waits for another one", () => {
  it("names it, as far as it is known", () => {
    const waiting = { _tag: "Waiting", commandId: "this", forma: "shop" } as const
    const waitsFor = { commandId: "0198", command: "apply", forma: "network" }
    assert.deepEqual(
      [waitsFor, { ...waitsFor, command: "resume", forma: "" }, null].map((one) =>
        describeWaiting({ ...waiting, waitsFor: one }),
      ),
      [
        "waiting for the apply of network (0198), which works on the same document or resources",
        "waiting for the resume (0198), which works on the same document or resources",
        "waiting for another command that works on the same document or resources",
      ],
    )
  })
})
