import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { LeaseEnded } from "../../../src/protocol/OperatorError.ts"
import { breaks, capabilities, reports, requestId, runScript, succeeds, workOf } from "./scripted.ts"

const ended = (isRenewed: boolean) => breaks(new LeaseEnded({ message: "over", begun: true, isRenewed }))

describe("an operation whose lease has ended", () => {
  it.effect("is left as it is: nothing more is written, and whoever takes over finds out", () =>
    Effect.gen(function* () {
      const { entry, log, result } = yield* runScript({ performs: [reports({ requestId }, ended(false))] })
      assert.deepEqual(log, ["write the intent", "send Create op-1", "write: request request-1, native id null"])
      assert.deepInclude(result._tag === "Failure" && result.failure, { _tag: "StateTaken", leaseEnded: true })
      assert.deepInclude(entry, { status: "InProgress", closed: false, requestId })
    }),
  )

  it.effect("in the plugin alone, while that of the agent goes on, is polled or asked about as after a crash", () =>
    Effect.gen(function* () {
      const polled = yield* runScript({ performs: [reports({ requestId }, ended(true)), succeeds] })
      assert.deepEqual(polled.log.slice(3), ["send Status op-1 of request-1", "write: Succeeded", "put a thing-1"])
      const asked = yield* runScript(
        { performs: [ended(true), succeeds], recovers: [Effect.succeed({ status: "NotStarted" })] },
        workOf({ capabilities: capabilities({ idempotency: "tag", recoverable: true }) }),
      )
      assert.deepEqual(asked.log.slice(2), [
        "ask for op-1",
        "write: sent again",
        "send Create op-1",
        "write: Succeeded",
        "put a thing-1",
      ])
      assert.deepEqual(asked.entry.crashes, [])
    }),
  )
})
