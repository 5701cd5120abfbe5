import { assert, describe, it } from "@effect/vitest"
import { OperationKeys, ProviderError } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { withOperation } from "../../../plugins/azure/src/Metadata.ts"
import { ownKey } from "../../../plugins/azure/src/MetadataKeys.ts"
import { createOnce, type Description, recoverByMetadata } from "../../../plugins/azure/src/Ownership.ts"

const operationId = OperationId.make("op-a")
const keys = OperationKeys.from(ownKey)
const failing = (code: ErrorCode) => Effect.fail(ProviderError.of(code, `because of ${code}`))
const createdBy = (creator: string): Description => ({
  nativeId: "thing",
  properties: { Name: "thing" },
  metadata: withOperation({}, OperationId.make(creator), keys),
})
const ours = Effect.succeed(createdBy("op-a"))
const theirs = Effect.succeed(createdBy("op-b"))
const unmarked = Effect.succeed({ ...createdBy("op-a"), metadata: undefined })

const creating = (steps: Partial<Parameters<typeof createOnce<never>>[0]>) =>
  createOnce<never>({ nativeId: "thing", operationId, keys, create: Effect.void, describe: ours, ...steps })

describe("a create by name", () => {
  it.effect("is done if an earlier attempt, whose answer was lost, has created the resource", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* creating({ create: failing("AlreadyExists") }), createdBy("op-a"))
    }),
  )

  it.effect("takes nothing over", () =>
    Effect.gen(function* () {
      for (const describe of [theirs, unmarked]) {
        const error = yield* Effect.flip(creating({ create: failing("AlreadyExists"), describe }))
        assert.strictEqual(error.code, "AlreadyExists")
        assert.isUndefined(error.nativeId)
      }
    }),
  )

  it.effect.each<ErrorCode>(["AccessDenied", "Throttling", "NetworkFailure"])(
    "that succeeds but cannot be described because of %s reports the native id",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ describe: failing(code) }))
        assert.deepInclude(error, { code, nativeId: NativeId.make("thing") })
      }),
  )

  it.effect.each<ErrorCode>(["AccessDenied", "NetworkFailure", "ResourceConflict"])(
    "that fails with %s reports no native id",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ create: failing(code) }))
        assert.strictEqual(error.code, code)
        assert.isUndefined(error.nativeId)
      }),
  )

  it.effect("is recovered by the metadata of the resource", () =>
    Effect.gen(function* () {
      const recovered = (describe: typeof ours | ReturnType<typeof failing>) =>
        recoverByMetadata(operationId, keys, describe)
      assert.strictEqual((yield* recovered(ours)).status, "Done")
      for (const describe of [theirs, unmarked, failing("NotFound")]) {
        assert.strictEqual((yield* recovered(describe)).status, "NotStarted")
      }
      assert.strictEqual((yield* Effect.flip(recovered(failing("Throttling")))).code, "Throttling")
    }),
  )
})
