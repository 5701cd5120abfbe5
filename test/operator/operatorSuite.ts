/**
 * What PluginOperator promises, however it is wired: `wiring` makes the
 * operator of the plugin in test/fixtures/plugins/suite. Its time is the real
 * one where the plugin is in a process of its own.
 */
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { NativeId, RequestId } from "../../src/protocol/Identity.ts"
import type { Operation } from "../../src/protocol/Operation.ts"
import type { Recovery } from "../../src/protocol/Recovery.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { neverAnswered } from "../fixtures/plugins/suite/Later.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import {
  awaitSlow,
  awaitStarted,
  create,
  list,
  makeObserver,
  read,
  remove,
  status,
  unobserved,
  update,
} from "./operations.ts"

export const operatorSuite = (name: string, wiring: Layer.Layer<PluginOperator>, time: "real" | "test"): void => {
  layer(wiring, { excludeTestServices: time === "real" })(`PluginOperator ${name}`, ({ effect }) => {
    const it = <E, R extends PluginOperator>(what: string, test: () => Effect.Effect<void, E, R>) =>
      // In steps so small that no call comes to its time limit.
      effect(what, time === "real" ? test : () => withPassingTime(test(), "10 millis"))

    it("creates at once, without progress", () =>
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

    it("says what became of a create, as far as its type can", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const recover = (properties: Properties) => operator.recover(create("Later", properties))
        const settled = { Name: "recovered", Polls: 0, StatusFails: [] }
        assert.deepEqual(yield* recover(settled), { status: "NotStarted" })
        yield* operator.perform(create("Later", settled), unobserved)
        const nativeId = NativeId.make("recovered")
        const done: Recovery = { status: "Done", nativeId, properties: { Name: "recovered" } }
        assert.deepEqual(yield* recover(settled), done)
        assert.deepInclude(yield* recover({ ...settled, Polls: 9 }), { status: "InProgress", nativeId })
        for (const [more, message] of [
          [{ StatusFails: ["Throttling"] }, "AccessDenied: not for you"],
          [
            { Polls: neverAnswered },
            "UnforeseenError: Suite::Later::Thing: the Recover handler threw: recovered into a wall",
          ],
          [{ Name: "" }, "InvalidRequest: properties: Name: Expected a value with a length of at least 1"],
        ] as const) {
          const said = yield* recover({ ...settled, ...more })
          assert.strictEqual(said.status, "Unknown")
          assert.include(said.status === "Unknown" ? said.message : "", message)
        }
        const unsupported = yield* Effect.flip(operator.recover(create("Now", { Name: "a" })))
        assert.deepInclude(unsupported, { _tag: "OperationNotSupported", operation: "Recover" })
      }))

    it("reads, and a resource that is missing is a failure at once", () =>
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

    it("updates with what was there, what is wanted, and the patch between them", () =>
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

    it("refuses to change what can only be given at create, and what can not be changed at all", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const rename = update("Now", "a", { prior: { Name: "a" }, desired: { Name: "b" }, patch: [] })
        const change = update("Flaky", "a", { prior: { Fails: [] }, desired: { Fails: [] }, patch: [] })
        for (const [operation, message] of [
          [rename, "Name can not be changed after create"],
          [change, "Suite::Flaky::Thing can not be changed in place"],
        ] as const) {
          assert.deepEqual(yield* operator.perform(operation, unobserved), {
            status: "Failed",
            attempts: 1,
            failure: { code: "NotUpdatable", message },
          })
        }
      }))

    it("deletes, and what is missing is deleted already", () =>
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

    it("asks about accepted work until it is ready, and reports what is new", () =>
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

    it("goes on with work that an earlier launch began", () =>
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
        // The first answer names the resource, which the request did not.
        assert.deepEqual(seen, [
          {
            status: "InProgress",
            attempts: 0,
            requestId: RequestId.make(requestId),
            nativeId: NativeId.make("earlier"),
          },
        ])
      }))

    it("a status that fails is asked for again, and the create is not sent again", () =>
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

    it("tries again after a recoverable failure, and says so", () =>
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

    it("does not repeat a create that nothing makes harmless, where it may have been done", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const made = yield* operator.perform(create("Once", { Fails: ["ServiceTimeout"] }), unobserved)
        assert.deepEqual(made, {
          status: "Failed",
          attempts: 1,
          failure: { code: "ServiceTimeout", message: "failure 1" },
        })
      }))

    it("a mistake in the plugin's code ends its own operation and no other", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const broken = [create("Broken", {}), read("Broken", "a"), remove("Broken", "a")]
        const whole = Array.from({ length: 10 }, (_, index) => create("Now", { Name: `whole-${index}` }))
        const ends = yield* Effect.forEach([...whole, ...broken], (one) => operator.perform(one, unobserved), {
          concurrency: "unbounded",
        })
        assert.deepEqual(
          ends.map((end) => (end.status === "Failed" ? [end.failure.code, end.failure.message] : end.status)),
          [
            ...whole.map(() => "Succeeded"),
            ["UnforeseenError", "Suite::Broken::Thing: the Create handler threw: create is broken"],
            ["UnforeseenError", "Suite::Broken::Thing: the Read handler threw: read is broken"],
            ["UnforeseenError", `Suite::Broken::Thing answers "in progress" and has no status handler`],
          ],
        )
      }))

    it("a mistake in the code of a list fails that list", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const error = yield* Effect.flip(operator.list(list("Broken")))
        assert.strictEqual(error._tag, "ListFailed")
        assert.strictEqual(
          error.message,
          "UnforeseenError: Suite::Broken::Thing: the List handler threw: list is broken",
        )
      }))

    it("refuses properties and targets that are not of the type, with the path and without the value", () =>
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
          "InvalidRequest properties: Region: set by the provider, can not be given",
        )
        assert.match(
          yield* refused(create("Now", { Name: "a" }, { targetConfig: { region: 1 } })),
          /^InvalidRequest target config: region: /,
        )
      }))

    it("does not know a type that the plugin does not serve, and says which it does", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const performing = yield* Effect.flip(operator.perform(create("None", {}), unobserved))
        const listing = yield* Effect.flip(operator.list(list("None")))
        for (const error of [performing, listing]) {
          assert.strictEqual(error._tag, "OperationNotSupported")
          assert.include(error.message, "does not know the resource type Suite::None::Thing. It serves: Suite::Now")
        }
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

    it("runs 64 operations at the same time", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const crowd = Array.from({ length: 64 }, () => create("Crowd", { Name: "crowd", Size: 64 }))
        const ends = yield* Effect.forEach(crowd, (one) => operator.perform(one, unobserved), {
          concurrency: "unbounded",
        })
        assert.deepEqual(
          ends.map((end) => (end.status === "Succeeded" ? `${end.nativeId}` : end.status)),
          crowd.map(({ operationId }) => `${operationId}`),
        )
      }))

    it("an interrupted caller cancels its own operation, in the plugin too, and no other", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const start = (Name: string) => Effect.forkChild(operator.perform(create("Slow", { Name }), unobserved))
        const cancelled = yield* start("cancelled")
        const kept = yield* start("kept")
        yield* Effect.all([awaitStarted(operator, "cancelled"), awaitStarted(operator, "kept")])
        yield* Fiber.interrupt(cancelled)
        yield* awaitSlow(operator, "cancelled", { Started: 1, Interrupted: 1 })
        assert.deepInclude(yield* operator.perform(read("Slow", "kept"), unobserved), {
          properties: { Started: 1, Interrupted: 0 },
        })
        assert.isUndefined(kept.pollUnsafe())
        yield* Fiber.interrupt(kept)
      }))

    it("an interrupted caller cancels its operation in the middle of its progress", () =>
      Effect.gen(function* () {
        const operator = yield* PluginOperator
        const work = { Name: "watched", Polls: neverAnswered, StatusFails: [] }
        const watched = yield* Effect.forkChild(operator.perform(create("Later", work), unobserved))
        yield* awaitStarted(operator, "watched")
        yield* Fiber.interrupt(watched)
        yield* awaitSlow(operator, "watched", { Started: 1, Interrupted: 1 })
      }))
  })
}
