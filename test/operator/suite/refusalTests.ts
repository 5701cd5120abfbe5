import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import { create, list, read, remove, unobserved } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** A message without the place in the code of the plugin, which moves as the code does. */
const withoutFrame = (message: string): string => message.replace(/ \(at .*\)$/, "")

/** Tests of operations that the plugin cannot carry out. */
export const refusalTests = (it: SuiteTest): void => {
  it("ends only the operation whose handler has a mistake", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const broken = [create("Broken", {}), read("Broken", "a"), remove("Broken", "a")]
      const whole = Array.from({ length: 10 }, (_, index) => create("Now", { Name: `whole-${index}` }))
      const ends = yield* Effect.forEach([...whole, ...broken], (one) => operator.perform(one, unobserved), {
        concurrency: "unbounded",
      })
      assert.deepEqual(
        ends.map((end) =>
          end.status === "Failed" ? [end.failure.code, withoutFrame(end.failure.message)] : end.status,
        ),
        [
          ...whole.map(() => "Succeeded"),
          ["UnforeseenError", "Suite::Broken::Thing: the Create handler threw: create is broken"],
          ["UnforeseenError", "Suite::Broken::Thing: the Read handler threw: read is broken"],
          ["UnforeseenError", `Suite::Broken::Thing answered "in progress" but has no status handler`],
        ],
      )
    }))

  it("fails a list whose handler has a mistake", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const error = yield* Effect.flip(operator.list(list("Broken")))
      assert.strictEqual(error._tag, "ListFailed")
      assert.match(error.message, / \(at .*\/test\/.*:\d+:\d+\)?\)$/)
      assert.strictEqual(
        withoutFrame(error.message),
        "UnforeseenError: Suite::Broken::Thing: the List handler threw: list is broken",
      )
    }))

  it("refuses properties and targets that do not fit the type, with the path and without the value", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const refused = (operation: Operation) =>
        Effect.map(operator.perform(operation, unobserved), (end) =>
          end.status === "Failed" ? `${end.failure.code} ${end.failure.message}` : end.status,
        )
      const secret = yield* refused(create("Now", { Name: "a", Secret: "hunter2" }))
      assert.match(secret, /^InvalidRequest properties: Secret: /)
      assert.notInclude(secret, "hunter2")
      assert.strictEqual(
        yield* refused(create("Now", { Name: "a", Region: "eu-west-1" })),
        "InvalidRequest properties: Region: is set by the provider and cannot be given",
      )
      assert.match(
        yield* refused(create("Now", { Name: "a" }, { targetConfig: { region: 1 } })),
        /^InvalidRequest target config: region: /,
      )
    }))

  it("refuses a type that the plugin does not serve, and names those that it does", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const performing = yield* Effect.flip(operator.perform(create("None", {}), unobserved))
      const listing = yield* Effect.flip(operator.list(list("None")))
      for (const error of [performing, listing]) {
        assert.strictEqual(error._tag, "OperationNotSupported")
        assert.include(error.message, "does not know the resource type Suite::None::Thing. It serves: Suite::Now")
      }
    }))
}
