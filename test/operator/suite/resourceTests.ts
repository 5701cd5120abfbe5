import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { create, makeObserver, read, remove, unobserved, update } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** Tests of what each operation does to one resource. */
export const resourceTests = (it: SuiteTest): void => {
  it("creates, and reports nothing before the end", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const { observe, seen } = makeObserver()
      assert.deepEqual(yield* operator.perform(create("Now", { Name: "a", Size: 3 }), observe), {
        status: "Succeeded",
        attempts: 1,
        nativeId: NativeId.make("a"),
        properties: { Name: "a", Size: 3, Region: "eu-west-1" },
      })
      assert.deepEqual(seen, [])
    }))

  it("reads, and fails at once if the resource is missing", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      assert.deepInclude(yield* operator.perform(read("Now", "a"), unobserved), { properties: { Name: "a" } })
      assert.deepEqual(yield* operator.perform(read("Now", "missing"), unobserved), {
        status: "Failed",
        attempts: 1,
        nativeId: NativeId.make("missing"),
        failure: { code: "NotFound", message: "missing does not exist" },
      })
    }))

  it("updates with the prior and the desired properties, and the patch between them", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const change = update("Now", "a", {
        prior: { Name: "a", Size: 1 },
        desired: { Name: "a", Size: 2 },
        patch: [{ op: "replace", path: "/Size", value: 2 }],
      })
      assert.deepEqual(yield* operator.perform(change, unobserved), {
        status: "Succeeded",
        attempts: 1,
        nativeId: NativeId.make("a"),
        properties: { Name: "a", Size: 2, Prior: { Name: "a", Size: 1 }, Patched: ["/Size"] },
      })
    }))

  it("refuses to change a create-only property, and a type without updates", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const rename = update("Now", "a", { prior: { Name: "a" }, desired: { Name: "b" }, patch: [] })
      const change = update("Flaky", "a", { prior: { Fails: [] }, desired: { Fails: [] }, patch: [] })
      for (const [operation, message] of [
        [rename, "Name cannot be changed after create"],
        [change, "Suite::Flaky::Thing cannot be changed in place"],
      ] as const) {
        assert.deepEqual(yield* operator.perform(operation, unobserved), {
          status: "Failed",
          attempts: 1,
          failure: { code: "NotUpdatable", message },
        })
      }
    }))

  it("deletes, and succeeds if the resource is missing", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      for (const nativeId of ["a", "missing"]) {
        assert.deepEqual(yield* operator.perform(remove("Now", nativeId), unobserved), {
          status: "Succeeded",
          attempts: 1,
          nativeId: NativeId.make(nativeId),
          properties: {},
        })
      }
    }))
}
