import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, OperationId, ResourceType } from "../../src/protocol/Identity.ts"
import { Operation } from "../../src/protocol/Operation.ts"
import { deleted, ProviderError } from "../../src/plugin/Answer.ts"
import { makeLocalOperator } from "../../src/plugin/LocalOperator.ts"
import { redactFailure } from "../../src/plugin/redactFailure.ts"
import * as Property from "../../src/plugin/Property.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"

const type = ResourceType.make("Safe::Deposit::Box")
const multiLine = "-----BEGIN KEY-----\nhunter2-inner\n}\n-----END KEY-----"

/** A provider that quotes everything it was given in each of its failures. */
const quotes = (...given: ReadonlyArray<unknown>) =>
  Effect.fail(ProviderError.of("InvalidRequest", `rejected: ${JSON.stringify(given)} and ${given.map(String).join()}`))

const Box = defineResource({
  type,
  idempotency: "name",
  target: Schema.Struct({ region: Schema.String, key: Property.opaque(Schema.String) }),
  properties: Schema.Struct({
    Name: Schema.String,
    Pin: Property.opaque(Schema.Int),
    Words: Property.opaque(Schema.Struct({ first: Schema.String, rest: Schema.Array(Schema.String) })),
    Text: Property.opaque(Schema.optionalKey(Schema.String)),
  }),
  create: ({ properties, target }) =>
    properties.Text === "throws-hunter2"
      ? Effect.die(new Error(`cannot store ${properties.Text}`))
      : quotes(properties.Name, properties.Pin, properties.Words, properties.Text, target),
  read: ({ target }) => quotes(target.key, target.region),
  update: ({ desired, prior }) => quotes(desired, prior),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
  list: ({ target }) => quotes(target),
  status: ({ requestId, target }) => quotes(requestId, target),
  recover: ({ properties }) => quotes(properties, properties.Text?.split("\n")[1]),
})

const about = {
  operationId: OperationId.make("op-1"),
  resourceType: type,
  targetConfig: { region: "here", key: "hunter2-key" },
}
const named = { ...about, label: "box" }
const properties = {
  Name: "box-1",
  Pin: 271828,
  Words: { first: "hunter2-first", rest: ["hunter2-first-and-more"] },
  Text: multiLine,
}

const secrets = [/hunter2/, /271828/, /BEGIN KEY/]

const operator = makeLocalOperator(definePlugin({ name: "safe", namespace: "Safe", version: "1.0.0", types: [Box] }))

const messageOf = Effect.fnUntraced(function* (operation: Operation) {
  const { perform } = yield* operator
  const end = yield* perform(operation, () => Effect.void)
  return end.status === "Failed" ? end.failure.message : assert.fail("it did not fail")
})

describe("the beginning of a secret", () => {
  const failure = (message: string) => ({ code: "InvalidRequest" as const, message })
  const asked = { targetConfig: {}, properties: { ...properties, Text: "hunter2-and-more" } }
  const shown = (message: string) => redactFailure(Box.capabilities, asked, failure(message)).message

  it("is masked at the end of a message that was cut off", () => {
    assert.strictEqual(shown("refused: hunter2-an"), "refused: <redacted>")
    assert.strictEqual(shown("refused: hunt"), "refused: <redacted>")
  })

  it("is left alone if it is short, or not at the end", () => {
    for (const message of ["the hun", "a hunt for it", "no such region"]) assert.strictEqual(shown(message), message)
  })
})

describe("a secret that a provider quotes", () => {
  it.effect.each([
    ["a create", Operation.cases.Create.make({ ...named, properties }), "box-1"],
    [
      "a handler that throws",
      Operation.cases.Create.make({ ...named, properties: { ...properties, Text: "throws-hunter2" } }),
      "cannot store",
    ],
    ["a read", Operation.cases.Read.make({ ...named, nativeId: NativeId.make("box-1") }), "here"],
    [
      "an update",
      Operation.cases.Update.make({
        ...named,
        nativeId: NativeId.make("box-1"),
        prior: { Name: "box-1" },
        desired: properties,
        patch: [],
      }),
      "box-1",
    ],
  ] as const)("is not in the failure of %s", ([, operation, kept]) =>
    Effect.gen(function* () {
      const message = yield* messageOf(operation)
      assert.include(message, "<redacted>")
      assert.include(message, kept, "what is not secret stays")
      for (const secret of secrets) assert.notMatch(message, secret)
    }),
  )

  it.effect("is not in the failure of a recover or a list", () =>
    Effect.gen(function* () {
      const { list, recover } = yield* operator
      const recovery = yield* recover({ ...named, properties })
      const reason = recovery.status === "Unknown" ? recovery.message : assert.fail(recovery.status)
      const refused = (yield* Effect.flip(list(about))).message
      for (const message of [reason, refused]) {
        assert.include(message, "<redacted>")
        for (const secret of secrets) assert.notMatch(message, secret)
      }
    }),
  )
})
