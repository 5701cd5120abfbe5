import { assert, describe, it } from "@effect/vitest"
import { Agent, PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import {
  afterCall,
  aroundCalls,
  beforeCall,
  type CallFault,
  everyCall,
  firstCalls,
  type HandlerCall,
  layerTestStore,
  nthCall,
  refuse,
  withFaults,
} from "formae/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { apply, makePages } from "./pages.ts"

/** Applies a page with a plugin that is linked in and has these faults. */
const applyWith = Effect.fnUntraced(function* (...faults: ReadonlyArray<CallFault>) {
  const { calls, plugin } = makePages()
  const layerPlugins = PluginCoordinator.layerInProcess([inProcess(withFaults(plugin, ...faults))])
  const layer = Agent.layer.pipe(Layer.provide([layerPlugins, layerTestStore]))
  const { resources } = yield* Effect.provide(apply("a"), layer)
  return { calls, page: resources[0] }
})

describe("a provider that throttles", () => {
  it.effect("answers after as many failures as were wanted, and is not called before", () =>
    Effect.gen(function* () {
      const { calls, page } = yield* applyWith(beforeCall(firstCalls("Create", 3), refuse("Throttling")))
      assert.deepInclude(page, { status: "succeeded", attempts: 4 })
      assert.deepEqual(calls, ["Create a", "Status a"])
    }),
  )

  it.effect("fails the operation with its code and message once the retries are used up", () =>
    Effect.gen(function* () {
      const { calls, page } = yield* applyWith(beforeCall(everyCall("Create"), refuse("Throttling", "slow down")))
      assert.deepInclude(page, { status: "failed", attempts: 10 })
      assert.strictEqual(page?.error?.code, "Throttling")
      assert.include(page?.error?.message, "slow down")
      assert.deepEqual(calls, [])
    }),
  )
})

describe("a fault", () => {
  it.effect("with a code that is not recoverable fails the operation at the first call", () =>
    Effect.gen(function* () {
      const { page } = yield* applyWith(beforeCall(everyCall("Create"), refuse("AccessDenied")))
      assert.deepInclude(page, { status: "failed", attempts: 1 })
    }),
  )

  it.effect("after a call keeps what the call has done, and replaces its answer", () =>
    Effect.gen(function* () {
      const { calls, page } = yield* applyWith(afterCall(nthCall("Create", 1), refuse("NetworkFailure")))
      assert.deepInclude(page, { status: "succeeded", attempts: 2 })
      assert.deepEqual(calls, ["Create a", "Create a", "Status a"])
    }),
  )

  it.effect("after a call replaces its failure, too", () =>
    Effect.gen(function* () {
      const first = nthCall("Create", 1)
      const { page } = yield* applyWith(
        afterCall(first, refuse("Throttling")),
        beforeCall(first, refuse("AccessDenied")),
      )
      assert.deepInclude(page, { status: "succeeded", attempts: 2 })
    }),
  )

  it.effect("that succeeds only delays the call", () =>
    Effect.gen(function* () {
      const { page } = yield* applyWith(
        beforeCall(nthCall("Create", 1), Effect.sleep("10 seconds")),
        afterCall(nthCall("Create", 1), Effect.sleep("20 seconds")),
      )
      assert.deepInclude(page, { status: "succeeded", attempts: 1 })
      assert.isAtLeast(page?.durationMillis ?? 0, 30_000)
    }),
  )

  it.effect("that never ends leaves the call unanswered, and the operator makes it again", () =>
    Effect.gen(function* () {
      const { page } = yield* applyWith(beforeCall(nthCall("Create", 1), Effect.never))
      assert.deepInclude(page, { status: "succeeded", attempts: 2 })
      assert.isAtLeast(page?.durationMillis ?? 0, 60_000)
    }),
  )

  it.effect("that comes first is around the others", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const note = (what: string) => Effect.sync(() => order.push(what))
      const first = nthCall("Create", 1)
      yield* applyWith(
        beforeCall(first, note("before 1")),
        afterCall(first, note("after 1")),
        beforeCall(first, note("before 2")),
        afterCall(first, note("after 2")),
      )
      assert.deepEqual(order, ["before 1", "before 2", "after 2", "after 1"])
    }),
  )
})

describe("what is around the calls of a plugin", () => {
  it.effect("comes before everything in a handler, even before it returns its effect", () => {
    const { calls, plugin } = makePages()
    const eager = {
      ...plugin,
      types: new Map(
        [...plugin.types].map(([type, definition]) => {
          const create: typeof definition.create = (request) => {
            calls.push("begun")
            return definition.create(request)
          }
          return [type, { ...definition, create }]
        }),
      ),
    }
    const refusing = withFaults(eager, beforeCall(nthCall("Create", 1), refuse("AccessDenied")))
    return Effect.gen(function* () {
      assert.strictEqual((yield* apply("a")).status, "failed")
      assert.deepEqual(calls, [])
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(Layer.provide([PluginCoordinator.layerInProcess([inProcess(refusing)]), layerTestStore])),
      ),
    )
  })

  it.effect("sees each call with its kind, its type and its label, before the handler has begun", () => {
    const { calls, plugin } = makePages()
    const seen: Array<HandlerCall & { readonly before: number }> = []
    const seeing = aroundCalls(plugin, (call, handle) => {
      seen.push({ ...call, before: calls.length })
      return handle
    })
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* apply("a")
      yield* apply("a")
      yield* agent.destroy("book")
      assert.deepEqual(
        seen.map(({ before, kind, label, type }) => `${before} ${kind} ${type} ${label}`),
        [
          "0 Create Book::Text::Page a",
          "1 Status Book::Text::Page a",
          "2 Read Book::Text::Page a",
          "3 Delete Book::Text::Page a",
        ],
      )
      assert.strictEqual(seen[0]?.operationId, seen[1]?.operationId)
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(Layer.provide([PluginCoordinator.layerInProcess([inProcess(seeing)]), layerTestStore])),
      ),
    )
  })
})
