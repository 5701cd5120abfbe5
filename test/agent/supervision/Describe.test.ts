import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { ResourceType } from "../../../src/protocol/Identity.ts"
import { type FakeProgram, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { handshakeOf, handWritten, success } from "./handWritten.ts"
import { elapse, makeSupervised } from "./supervised.ts"

const thing = ResourceType.make("Suite::Now::Thing")
const announced = {
  type: thing,
  idempotency: "name",
  listable: false,
  properties: {},
}

/** Greets without schemas, and answers what it is asked for them. */
const answering = (value: object | undefined): FakeProgram =>
  handWritten((request, process) => {
    if (request.tag === "Handshake") {
      return [handshakeOf(request, process, { types: [announced], features: ["describe"] })]
    }
    return value === undefined ? [] : [success(request, value)]
  })

/** Greets without schemas, and crashes when it is asked for them. */
const crashing: FakeProgram = Effect.fnUntraced(function* (process) {
  const asked = yield* Latch.make()
  const serving = handWritten((request, own) => {
    if (request.tag === "Handshake") return [handshakeOf(request, own, { types: [announced], features: ["describe"] })]
    asked.openUnsafe()
    return []
  })(process)
  yield* Effect.forkScoped(serving)
  yield* asked.await
  return 9
})

const wanted = plugin.types.get(thing)?.capabilities

describe("the schemas of a plugin", () => {
  it.effect("are asked for where a type is used, and not before", () =>
    Effect.gen(function* () {
      const { coordinator } = yield* makeSupervised()
      const before = (yield* coordinator.capabilities("suite")).get(thing)
      assert.isDefined(before)
      assert.notProperty(before, "schema")
      assert.notProperty(before, "targetSchema")
      const types = yield* coordinator.capabilities("suite", [thing])
      assert.deepEqual(types.get(thing)?.schema, wanted?.schema)
      assert.deepEqual(types.get(thing)?.targetSchema, wanted?.targetSchema)
      assert.lengthOf(
        [...types.values()].filter(({ schema }) => schema !== undefined),
        1,
      )
    }),
  )

  it.effect("are asked for again, if the plugin crashes meanwhile", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil } = yield* makeSupervised({
        programOf: ({ number }) => (number === 1 ? crashing : serves(plugin)),
      })
      const asking = yield* Effect.forkChild(coordinator.capabilities("suite", "all"), { startImmediately: true })
      yield* elapse("1 second")
      assert.deepEqual((yield* Fiber.join(asking)).get(thing)?.schema, wanted?.schema)
      const events = yield* eventsUntil("Crashed")
      assert.deepInclude(events.at(-1), { generation: 1, reason: "exited with code 9" })
    }),
  )

  it.effect.each<[string, object | undefined, string]>([
    ["of another shape", { types: [{ type: thing }] }, "its answer cannot be read: types[0].schema: is missing"],
    ["without them", { types: [] }, "its answer to Describe leaves out Suite::Now::Thing"],
    ["that does not come", undefined, "it did not answer in time"],
  ])("are not there after an answer %s: the plugin is named, and goes on", ([, value, reason]) =>
    Effect.gen(function* () {
      const { coordinator } = yield* makeSupervised({ programOf: () => answering(value) })
      const asking = yield* Effect.forkChild(Effect.flip(coordinator.capabilities("suite", "all")), {
        startImmediately: true,
      })
      yield* elapse("11 seconds")
      assert.strictEqual(
        (yield* Fiber.join(asking)).message,
        `The plugin suite did not describe its types: ${reason}. Upgrade it, or tell its author`,
      )
      assert.deepEqual([...(yield* coordinator.capabilities("suite")).keys()], [thing])
    }),
  )

  it.effect("cannot be left out of a handshake that does not offer them", () =>
    Effect.gen(function* () {
      const { coordinator } = yield* makeSupervised({
        programOf: () => handWritten((request, process) => [handshakeOf(request, process, { types: [announced] })]),
      })
      const error = yield* Effect.flip(coordinator.capabilities("suite"))
      assert.include(error.message, "in its answer to the handshake, types[0].schema is missing or has another shape")
    }),
  )
})
