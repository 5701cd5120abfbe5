import { assert, describe, it } from "@effect/vitest"
import { Answer, ProviderError, Recovered } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { createOnce, type Description, recoverByTag } from "../../../plugins/aws/src/Ownership.ts"
import { withOperation } from "../../../plugins/aws/src/Tags.ts"

const ours = OperationId.make("op-a")
const refused = (code: ErrorCode) => ProviderError.of(code, `because of ${code}`)
const madeBy = (operationId: string): Description => ({
  nativeId: "thing",
  properties: {},
  tags: withOperation([], OperationId.make(operationId)),
})

const theirs = Effect.succeed(madeBy("op-b"))

const creating = (steps: Partial<Parameters<typeof createOnce<Description>>[0]>) =>
  createOnce<Description>({
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

  it.effect("that is refused for what it can not find ends with the refusal", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(creating({ create: Effect.fail(refused("AlreadyExists")) }))
      assert.strictEqual(error.code, "AlreadyExists")
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

describe("what became of a create", () => {
  const asked = (find: Effect.Effect<Description, ProviderError>) =>
    recoverByTag({ subject: "The thing", operationId: ours, find }, (found) => Effect.succeed(Answer.succeeded(found)))

  it.effect("is certain where the tag of an operation is seen, or nothing is there", () =>
    Effect.gen(function* () {
      const mine = madeBy("op-a")
      assert.deepStrictEqual(yield* asked(Effect.succeed(mine)), Recovered.done(mine))
      for (const find of [theirs, Effect.fail(refused("NotFound"))]) {
        assert.deepStrictEqual(yield* asked(find), Recovered.notStarted)
      }
    }),
  )

  it.effect("is unknown where a service shows no tag of an operation", () =>
    Effect.gen(function* () {
      for (const tags of [undefined, [], [{ Key: "team", Value: "orders" }]]) {
        assert.strictEqual((yield* asked(Effect.succeed({ ...madeBy("op-a"), tags }))).status, "Unknown")
      }
    }),
  )

  it.effect("is in progress where there is something left to do", () =>
    Effect.gen(function* () {
      const work = { requestId: "the rest", nativeId: "thing" }
      const ownership = { subject: "The thing", operationId: ours, find: Effect.succeed(madeBy("op-a")) }
      const recovered = yield* recoverByTag(ownership, () => Effect.succeed(Answer.inProgress(work)))
      assert.deepStrictEqual(recovered, Recovered.inProgress(work))
    }),
  )

  it.effect("fails as the service does", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(asked(Effect.fail(refused("Throttling"))))).code, "Throttling")
    }),
  )
})
