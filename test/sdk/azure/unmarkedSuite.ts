/** Tests for each type whose resources do not carry the operation that created them. */
import { assert, type Vitest } from "@effect/vitest"
import { NativeId, type Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import { Creators } from "../../../plugins/azure/src/Creators.ts"
import type { AzureEmulator } from "./AzureEmulator.ts"
import type { callsOf } from "./callsOf.ts"

type Needs = AzureEmulator | AzureClients | Creators

/** Another launch of the plugin, which does not know what this one created. */
const inLaterLaunch = Effect.provide(Layer.fresh(Creators.layer))

export const unmarkedSuite = (
  it: Vitest.MethodsNonLive<Needs>,
  type: {
    readonly calls: Effect.Effect<ReturnType<typeof callsOf>, never, Needs>
    readonly propertiesOf: (name: string) => Properties
    readonly nativeIdOf: (name: string) => string
  },
) => {
  const { calls, nativeIdOf, propertiesOf } = type

  it.effect("is not created before its request id is known", () =>
    Effect.gen(function* () {
      const { beginCreate, read, recover, status } = yield* calls
      const begun = yield* beginCreate(propertiesOf("begun"), "op-a")
      assert.strictEqual(begun._tag, "InProgress")
      assert.isUndefined(begun.nativeId, "nothing exists yet that an inventory could hold")
      assert.strictEqual((yield* Effect.flip(read(nativeIdOf("begun")))).code, "NotFound")
      assert.deepStrictEqual(yield* recover(propertiesOf("begun"), "op-a"), { status: "NotStarted" })
      if (begun._tag === "Succeeded") return
      const done = yield* status(begun.requestId, "op-a")
      assert.deepInclude(done, { _tag: "Succeeded", nativeId: NativeId.make(nativeIdOf("begun")) })
    }),
  )

  it.effect("is created once, however often its status is asked for, even in a later launch", () =>
    Effect.gen(function* () {
      const { beginCreate, status } = yield* calls
      const begun = yield* beginCreate(propertiesOf("often"), "op-a")
      if (begun._tag === "Succeeded") return assert.fail("created at once")
      // An attempt whose answer was lost leaves behind the same state.
      const first = yield* status(begun.requestId, "op-a")
      assert.deepStrictEqual(yield* status(begun.requestId, "op-a"), first)
      assert.deepStrictEqual(yield* status(begun.requestId, "op-a").pipe(inLaterLaunch), first)
    }),
  )

  it.effect("is not taken over from another operation", () =>
    Effect.gen(function* () {
      const { create, identify, recover } = yield* calls
      const properties = propertiesOf("basket")
      assert.deepStrictEqual(yield* recover(properties, "op-a"), { status: "NotStarted" })
      const first = yield* create(properties, "op-a")
      assert.deepStrictEqual(yield* create(properties, "op-a"), first)
      assert.strictEqual((yield* identify(properties)).nativeId, first.nativeId)
      const unknown = yield* identify({})
      assert.isUndefined(unknown.nativeId)
      const { account, cosmosEndpoint } = unknown.facts ?? {}
      assert.match(cosmosEndpoint ?? account ?? "", /^(https?:\/\/.+|[a-z0-9]+)$/)
      const foreign = yield* Effect.flip(create(properties, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.isUndefined(foreign.nativeId)

      const done = { status: "Done" as const, nativeId: first.nativeId, properties: first.properties }
      assert.deepStrictEqual(yield* recover(properties, "op-a"), done)
      assert.deepStrictEqual(yield* recover(properties, "op-b"), { status: "NotStarted" })
      assert.strictEqual((yield* recover(properties, "op-a").pipe(inLaterLaunch)).status, "Unknown")
      assert.deepStrictEqual(yield* recover(properties, "op-a", first.nativeId).pipe(inLaterLaunch), done)
    }),
  )

  it.effect("is created by one of two operations that want it at the same time", () =>
    Effect.gen(function* () {
      const { beginCreate, status } = yield* calls
      const [a, b] = yield* Effect.all([
        beginCreate(propertiesOf("wanted"), "op-a"),
        beginCreate(propertiesOf("wanted"), "op-b"),
      ])
      if (a._tag === "Succeeded" || b._tag === "Succeeded") return assert.fail("created at once")
      assert.strictEqual((yield* status(a.requestId, "op-a"))._tag, "Succeeded")
      const late = yield* Effect.flip(status(b.requestId, "op-b"))
      assert.strictEqual(late.code, "AlreadyExists")
      assert.isUndefined(late.nativeId)
    }),
  )

  it.effect("is refused with an invalid request id", () =>
    Effect.gen(function* () {
      const { status } = yield* calls
      for (const requestId of ["nonsense", "{}"]) {
        assert.strictEqual((yield* Effect.flip(status(requestId))).code, "UnforeseenError")
      }
    }),
  )
}
