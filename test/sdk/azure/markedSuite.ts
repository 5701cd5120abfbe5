/** Tests for each type whose resources carry the operation that created them in their metadata. */
import { assert, type Vitest } from "@effect/vitest"
import { OperationKeys } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import { MetadataKeys, ownKey } from "../../../plugins/azure/src/MetadataKeys.ts"
import type { Creators } from "../../../plugins/azure/src/Creators.ts"
import type { AzureEmulator } from "./AzureEmulator.ts"
import type { callsOf } from "./callsOf.ts"

type Needs = AzureEmulator | AzureClients | Creators

export const markedSuite = (
  it: Vitest.MethodsNonLive<Needs>,
  type: {
    readonly calls: Effect.Effect<ReturnType<typeof callsOf>, unknown, Needs>
    readonly properties: Properties
    /** Properties under the same name that another operation wants. */
    readonly foreign: Properties
  },
) => {
  it.effect("is not taken over from another operation", () =>
    Effect.gen(function* () {
      const { create, identify, read, recover } = yield* type.calls
      const { foreign, properties } = type
      assert.deepStrictEqual(yield* recover(properties, "op-a"), { status: "NotStarted" })
      const first = yield* create(properties, "op-a")
      assert.deepStrictEqual(yield* create(properties, "op-a"), first)
      assert.strictEqual((yield* identify(properties)).nativeId, first.nativeId)
      const unknown = yield* identify({})
      assert.isUndefined(unknown.nativeId)
      assert.match(unknown.facts?.["account"] ?? "", /^[a-z0-9]+$/)
      const refused = yield* Effect.flip(create(foreign, "op-b"))
      assert.strictEqual(refused.code, "AlreadyExists")
      assert.isUndefined(refused.nativeId)
      assert.deepStrictEqual(yield* read(first.nativeId), first.properties)
      const done = { status: "Done" as const, nativeId: first.nativeId, properties: first.properties }
      assert.deepStrictEqual(yield* recover(properties, "op-a"), done)
      assert.deepStrictEqual(yield* recover(properties, "op-b"), { status: "NotStarted" })
      // The settings have given another name to the entry meanwhile.
      const renamed = Effect.provideService(MetadataKeys, OperationKeys.from(ownKey, { prefix: "acme_" }))
      assert.deepStrictEqual(yield* renamed(recover(properties, "op-a")), done)
      assert.deepStrictEqual(yield* renamed(create(properties, "op-a")), first)
      assert.deepStrictEqual(yield* renamed(read(first.nativeId)), first.properties)
      assert.strictEqual((yield* Effect.flip(renamed(create(foreign, "op-b")))).code, "AlreadyExists")
    }),
  )
}
