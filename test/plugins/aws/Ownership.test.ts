import { assert, describe, it } from "@effect/vitest"
import { Answer, OperationKeys, ProviderError, Recovered } from "formae/plugin"
import { type ErrorCode, NativeId, OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { createOnce, type Description, recoverByTag } from "../../../plugins/aws/src/Ownership.ts"
import { ownKey } from "../../../plugins/aws/src/TagKeys.ts"
import { withOperation } from "../../../plugins/aws/src/Tags.ts"

const ours = OperationId.make("op-a")
const keys = OperationKeys.from(ownKey)
const errorWith = (code: ErrorCode) => ProviderError.of(code, `because of ${code}`)
const createdBy = (operationId: string): Description => ({
  nativeId: "thing",
  properties: {},
  tags: withOperation([], OperationId.make(operationId), keys),
})

const theirs = Effect.succeed(createdBy("op-b"))

const creating = (steps: Partial<Parameters<typeof createOnce<Description>>[0]>) =>
  createOnce<Description>({
    subject: "The thing",
    operationId: ours,
    keys,
    find: Effect.fail(errorWith("NotFound")),
    create: Effect.succeed("thing"),
    describe: () => Effect.succeed(createdBy("op-a")),
    ...steps,
  })

describe("a create by name", () => {
  it.effect.each<ErrorCode>(["AccessDenied", "Throttling", "NotFound"])(
    "that succeeds but cannot be described because of %s reports the native id",
    (code) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(creating({ describe: () => Effect.fail(errorWith(code)) }))
        assert.deepInclude(error, { code, nativeId: NativeId.make("thing") })
      }),
  )

  it.effect("that fails reports no native id", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(creating({ create: Effect.fail(errorWith("AccessDenied")) }))
      assert.deepInclude(error, { code: "AccessDenied" })
      assert.isUndefined(error.nativeId)
    }),
  )

  it.effect("that is refused because of a resource that cannot be found fails with the refusal", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(creating({ create: Effect.fail(errorWith("AlreadyExists")) }))
      assert.strictEqual(error.code, "AlreadyExists")
    }),
  )

  it.effect("does not claim what another operation created before it or at the same time", () =>
    Effect.gen(function* () {
      let looked = 0
      const appears = Effect.suspend(() => (looked++ === 0 ? Effect.fail(errorWith("NotFound")) : theirs))
      for (const steps of [{ find: theirs }, { find: appears, describe: () => theirs }]) {
        const error = yield* Effect.flip(creating(steps))
        assert.strictEqual(error.code, "AlreadyExists")
        assert.isUndefined(error.nativeId)
      }
    }),
  )
})

describe("a create that the service refuses where the name is taken", () => {
  const taken = Effect.fail(errorWith("AlreadyExists"))

  it.effect("is sent without a look before it", () =>
    Effect.gen(function* () {
      const find = Effect.die("looked")
      assert.deepStrictEqual(yield* creating({ looksFirst: false, find }), createdBy("op-a"))
      assert.strictEqual(yield* creating({ looksFirst: false, find, describe: undefined }), "thing")
    }),
  )

  it.effect("finds what it created, if it is sent again", () =>
    Effect.gen(function* () {
      const find = Effect.succeed(createdBy("op-a"))
      assert.deepStrictEqual(yield* creating({ looksFirst: false, find, create: taken }), createdBy("op-a"))
    }),
  )

  it.effect("finds what it created too if it is sent again and refused for another reason, such as a limit", () =>
    Effect.gen(function* () {
      const full = Effect.fail(errorWith("ServiceLimitExceeded"))
      const mine = Effect.succeed(createdBy("op-a"))
      assert.deepStrictEqual(yield* creating({ looksFirst: false, find: mine, create: full }), createdBy("op-a"))
      for (const find of [theirs, Effect.fail(errorWith("NotFound")), Effect.fail(errorWith("AccessDenied"))]) {
        const error = yield* Effect.flip(creating({ looksFirst: false, find, create: full }))
        assert.strictEqual(error.code, "ServiceLimitExceeded")
      }
      // What will be sent again needs no look.
      const throttled = Effect.fail(errorWith("Throttling"))
      const error = yield* Effect.flip(creating({ looksFirst: false, find: Effect.die("looked"), create: throttled }))
      assert.strictEqual(error.code, "Throttling")
    }),
  )

  it.effect("does not claim what another operation created, nor what it cannot find", () =>
    Effect.gen(function* () {
      for (const find of [theirs, Effect.fail(errorWith("NotFound"))]) {
        const error = yield* Effect.flip(creating({ looksFirst: false, find, create: taken }))
        assert.strictEqual(error.code, "AlreadyExists")
      }
    }),
  )
})

describe("what became of a create", () => {
  const asked = (find: Effect.Effect<Description, ProviderError>) =>
    recoverByTag({ subject: "The thing", operationId: ours, keys, find }, (found) =>
      Effect.succeed(Answer.succeeded(found)),
    )

  it.effect("is certain if there is a tag of an operation, or nothing at all", () =>
    Effect.gen(function* () {
      const mine = createdBy("op-a")
      assert.deepStrictEqual(yield* asked(Effect.succeed(mine)), Recovered.done(mine))
      for (const find of [theirs, Effect.fail(errorWith("NotFound"))]) {
        assert.deepStrictEqual(yield* asked(find), Recovered.notStarted)
      }
    }),
  )

  it.effect("is unknown if there is no tag of an operation", () =>
    Effect.gen(function* () {
      for (const tags of [undefined, [], [{ Key: "team", Value: "orders" }]]) {
        assert.strictEqual((yield* asked(Effect.succeed({ ...createdBy("op-a"), tags }))).status, "Unknown")
      }
    }),
  )

  it.effect("is in progress if something remains to be done", () =>
    Effect.gen(function* () {
      const work = { requestId: "the rest", nativeId: "thing" }
      const ownership = { subject: "The thing", operationId: ours, keys, find: Effect.succeed(createdBy("op-a")) }
      const recovered = yield* recoverByTag(ownership, () => Effect.succeed(Answer.inProgress(work)))
      assert.deepStrictEqual(recovered, Recovered.inProgress(work))
    }),
  )

  it.effect("is an error if the service fails", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(asked(Effect.fail(errorWith("Throttling"))))).code, "Throttling")
    }),
  )
})
