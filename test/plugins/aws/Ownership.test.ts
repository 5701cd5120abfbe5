import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { createOnce, type Described } from "../../../plugins/aws/src/Ownership.ts"
import { withOperation } from "../../../plugins/aws/src/Tags.ts"

const ours = OperationId.make("op-a")
const refused = (code: ErrorCode) => ProviderError.of(code, `because of ${code}`)
const madeBy = (operationId: string): Described => ({
  nativeId: "thing",
  properties: {},
  tags: withOperation([], OperationId.make(operationId)),
})

const theirs = Effect.succeed(madeBy("op-b"))

const creating = (steps: Partial<Parameters<typeof createOnce<Described>>[0]>) =>
  createOnce<Described>({
    subject: "The thing",
    operationId: ours,
    find: Effect.fail(refused("NotFound")),
    create: Effect.succeed("thing"),
    describe: () => Effect.succeed(madeBy("op-a")),
    ...steps,
  })

describe("a create by name", () => {
  it.effect.each<ErrorCode>(["AccessDenied", "Throttling", "NotFound"])(
    "that is made and then can not be described for %s says what it made",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ describe: () => Effect.fail(refused(code)) }))
        assert.deepInclude(error, { code, nativeId: NativeId.make("thing") })
      }),
  )

  it.effect("that fails has made nothing", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(creating({ create: Effect.fail(refused("AccessDenied")) }))
      assert.deepInclude(error, { code: "AccessDenied" })
      assert.isUndefined(error.nativeId)
    }),
  )

  it.effect("claims nothing that another operation made, before it or at the same time", () =>
    Effect.gen(function* () {
      let looked = 0
      const appears = Effect.suspend(() => (looked++ === 0 ? Effect.fail(refused("NotFound")) : theirs))
      for (const steps of [{ find: theirs }, { find: appears, describe: () => theirs }]) {
        const error = yield* Effect.flip(creating(steps))
        assert.strictEqual(error.code, "AlreadyExists")
        assert.isUndefined(error.nativeId)
      }
    }),
  )
})
