import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { NativeId, RequestId } from "../../../src/protocol/Identity.ts"
import { create, makeObserver, remove, status, unobserved } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** Tests of work that the provider has accepted. */
export const pollTests = (it: SuiteTest): void => {
  it("polls accepted work until it is done, and reports what is new", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const { observe, seen } = makeObserver()
      const work = { Name: "later", Polls: 4, StatusFails: [] }
      const made = yield* operator.perform(create("Later", work), observe)
      assert.deepInclude(made, { attempts: 1, properties: { Name: "later", Asked: 5, Sent: 1 } })
      assert.lengthOf(seen, 1)
      assert.deepInclude(seen[0], { status: "InProgress", attempts: 1, nativeId: NativeId.make("later") })
      assert.include(seen[0]?.requestId, `"Name":"later"`)
      assert.strictEqual((yield* operator.perform(remove("Later", "later"), unobserved)).status, "Succeeded")
    }))

  it("continues work that an earlier launch started", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const requestId = JSON.stringify({ Name: "earlier", Polls: 2, StatusFails: [] })
      const { observe, seen } = makeObserver()
      assert.deepEqual(yield* operator.perform(status("Later", requestId), observe), {
        status: "Succeeded",
        attempts: 0,
        nativeId: NativeId.make("earlier"),
        properties: { Name: "earlier", Asked: 3, Sent: 0 },
      })
      // The first answer has the native id, which the request did not have.
      assert.deepEqual(seen, [
        {
          status: "InProgress",
          attempts: 0,
          requestId: RequestId.make(requestId),
          nativeId: NativeId.make("earlier"),
        },
      ])
    }))

  it("repeats a status call that fails, and does not send the create again", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const { observe, seen } = makeObserver()
      const work = { Name: "unsure", Polls: 0, StatusFails: ["InternalFailure"] }
      const made = yield* operator.perform(create("Later", work), observe)
      assert.deepInclude(made, { attempts: 1, properties: { Name: "unsure", Asked: 1, Sent: 1 } })
      assert.deepEqual(
        seen.map(({ failure }) => failure),
        [undefined, { code: "InternalFailure", message: "status failure 1" }],
      )
    }))
}
