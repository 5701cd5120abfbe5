import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { withOperation } from "../../../plugins/azure/src/Metadata.ts"
import { createOnce, type Description, recoverByMetadata } from "../../../plugins/azure/src/Ownership.ts"

const operationId = OperationId.make("op-a")
const refused = (code: ErrorCode) => Effect.fail(ProviderError.of(code, `because of ${code}`))
const madeBy = (maker: string): Description => ({
  nativeId: "thing",
  properties: { Name: "thing" },
  metadata: withOperation({}, OperationId.make(maker)),
})
const ours = Effect.succeed(madeBy("op-a"))
const theirs = Effect.succeed(madeBy("op-b"))
const nobodys = Effect.succeed({ ...madeBy("op-a"), metadata: undefined })

const creating = (steps: Partial<Parameters<typeof createOnce<never>>[0]>) =>
  createOnce<never>({ nativeId: "thing", operationId, create: Effect.void, describe: ours, ...steps })

describe("a create by name", () => {
  it.effect("is done where an earlier try of it, whose answer was lost, has made the resource", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* creating({ create: refused("AlreadyExists") }), madeBy("op-a"))
    }),
  )

  it.effect("takes nothing over", () =>
    Effect.gen(function* () {
      for (const describe of [theirs, nobodys]) {
        const error = yield* Effect.flip(creating({ create: refused("AlreadyExists"), describe }))
        assert.strictEqual(error.code, "AlreadyExists")
        assert.isUndefined(error.nativeId)
      }
    }),
  )

  it.effect.each<ErrorCode>(["AccessDenied", "Throttling", "NetworkFailure"])(
    "that is made and then can not be described for %s says what it made",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ describe: refused(code) }))
        assert.deepInclude(error, { code, nativeId: NativeId.make("thing") })
      }),
  )

  it.effect.each<ErrorCode>(["AccessDenied", "NetworkFailure", "ResourceConflict"])(
    "that fails for %s claims nothing",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ create: refused(code) }))
        assert.strictEqual(error.code, code)
        assert.isUndefined(error.nativeId)
      }),
  )

  it.effect("is recovered by what its metadata says", () =>
    Effect.gen(function* () {
      const recovered = (describe: typeof ours | ReturnType<typeof refused>) => recoverByMetadata(operationId, describe)
      assert.strictEqual((yield* recovered(ours)).status, "Done")
      for (const describe of [theirs, nobodys, refused("NotFound")]) {
        assert.strictEqual((yield* recovered(describe)).status, "NotStarted")
      }
      assert.strictEqual((yield* Effect.flip(recovered(refused("Throttling")))).code, "Throttling")
    }),
  )
})
