import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Recovery } from "../../../src/protocol/Recovery.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { neverAnswered } from "../../fixtures/plugins/suite/Later.ts"
import { create, list, unobserved } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** Tests of the calls that change nothing: recover and list. */
export const queryTests = (it: SuiteTest): void => {
  it("finds out what became of a create, if its type supports that", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const recover = (properties: Properties) => operator.recover(create("Later", properties))
      const work = { Name: "recovered", Polls: 0, StatusFails: [] }
      assert.deepEqual(yield* recover(work), { status: "NotStarted" })
      yield* operator.perform(create("Later", work), unobserved)
      const nativeId = NativeId.make("recovered")
      const done: Recovery = { status: "Done", nativeId, properties: { Name: "recovered" } }
      assert.deepEqual(yield* recover(work), done)
      assert.deepInclude(yield* recover({ ...work, Polls: 9 }), { status: "InProgress", nativeId })
      for (const [more, message] of [
        [{ StatusFails: ["Throttling"] }, "AccessDenied: not for you"],
        [
          { Polls: neverAnswered },
          "UnforeseenError: Suite::Later::Thing: the Recover handler threw: recovered into a wall",
        ],
        [{ Name: "" }, "InvalidRequest: properties: Name: Expected a value with a length of at least 1"],
      ] as const) {
        const said = yield* recover({ ...work, ...more })
        assert.strictEqual(said.status, "Unknown")
        assert.include(said.status === "Unknown" ? said.message : "", message)
      }
      const unsupported = yield* Effect.flip(operator.recover(create("Now", { Name: "a" })))
      assert.deepInclude(unsupported, { _tag: "OperationNotSupported", operation: "Recover" })
    }))

  it("lists page after page", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const pages: Array<ReadonlyArray<string>> = []
      let pageToken: string | undefined = "0"
      while (pageToken !== undefined) {
        const page: { readonly nativeIds: ReadonlyArray<string>; readonly nextPageToken?: string } =
          yield* operator.list(list("Now", { pageToken }))
        pages.push(page.nativeIds)
        pageToken = page.nextPageToken
      }
      assert.deepEqual(pages, [["thing-1", "thing-2"], ["thing-3", "thing-4"], ["thing-5"]])
      assert.deepEqual((yield* operator.list(list("Now", { pageSize: 1000 }))).nativeIds.length, 5)
      assert.strictEqual((yield* Effect.flip(operator.list(list("Flaky"))))._tag, "OperationNotSupported")
    }))
}
