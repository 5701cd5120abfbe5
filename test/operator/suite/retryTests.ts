import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { create, makeObserver, unobserved } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** Tests of which failures are retried. */
export const retryTests = (it: SuiteTest): void => {
  it("retries after a recoverable failure, and reports it", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const { observe, seen } = makeObserver()
      const made = yield* operator.perform(create("Flaky", { Fails: ["Throttling"] }), observe)
      assert.deepInclude(made, { attempts: 2, properties: { Sent: 2 } })
      assert.deepEqual(seen, [
        { status: "InProgress", attempts: 1, failure: { code: "Throttling", message: "failure 1" } },
      ])
    }))

  it("ends with a terminal failure at once", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      assert.deepEqual(yield* operator.perform(create("Flaky", { Fails: ["AccessDenied"] }), unobserved), {
        status: "Failed",
        attempts: 1,
        failure: { code: "AccessDenied", message: "failure 1" },
      })
    }))

  it("does not repeat a create without idempotency that may have been done", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const made = yield* operator.perform(create("Once", { Fails: ["ServiceTimeout"] }), unobserved)
      assert.deepEqual(made, {
        status: "Failed",
        attempts: 1,
        failure: { code: "ServiceTimeout", message: "failure 1" },
      })
    }))
}
