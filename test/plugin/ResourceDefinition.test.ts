import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { deleted, succeeded } from "../../src/plugin/Answer.ts"
import * as Property from "../../src/plugin/Property.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { create, update } from "../operator/operations.ts"

const Secret = Schema.Struct({ Password: Property.opaque(Schema.String.check(Schema.isMinLength(8))) })

const definition = defineResource({
  type: "Suite::Vault::Secret",
  idempotency: "name",
  target: Schema.Struct({ token: Schema.String.check(Schema.isPattern(/^t-/u, { message: "Expected a token" })) }),
  properties: Schema.Struct({
    Name: Property.createOnly(Schema.String),
    Login: Schema.optionalKey(Secret),
    Tags: Property.unordered(Schema.optionalKey(Schema.Array(Schema.Struct({ Key: Schema.String })))),
    Key: Schema.optionalKey(Property.writeOnly(Property.opaque(Schema.Literal("k")))),
    Arn: Property.output(Schema.String),
  }),
  create: ({ properties }) => Effect.succeed(succeeded({ nativeId: properties.Name, properties: {} })),
  read: () => Effect.succeed({}),
  update: ({ nativeId }) => Effect.succeed(succeeded({ nativeId, properties: {} })),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
})

const secret = "hunter2"
const target = { token: "t-1" }

const refusalOf = (properties: Properties, targetConfig: Properties = target) =>
  Effect.flip(definition.create({ ...create("Vault", properties), targetConfig }))

describe("properties that do not decode", () => {
  it.effect.each<[Properties, string]>([
    [{ Name: 1 }, "properties: Name: "],
    [{}, "properties: Name: "],
    [{ Name: "a", Login: { Password: secret } }, "properties: Login.Password: "],
    [{ Name: "a", Tags: [{ Key: "a" }, { Key: [secret] }] }, "properties: Tags[1].Key: "],
    [{ Name: "a", Key: secret }, "properties: Key: "],
    [{ Name: "a", Pasword: secret }, "properties: Pasword: "],
    [{ Name: "a", Arn: secret }, "properties: Arn: is set by the provider and cannot be given"],
  ])("%j are an InvalidRequest with the path, and without the value", ([properties, start]) =>
    Effect.gen(function* () {
      const change = { ...update("Vault", "a", { prior: {}, desired: properties, patch: [] }), targetConfig: target }
      for (const refusal of [yield* refusalOf(properties), yield* Effect.flip(definition.update!(change))]) {
        assert.strictEqual(refusal.code, "InvalidRequest")
        assert.isTrue(refusal.message.startsWith(start), refusal.message)
        assert.notInclude(refusal.message, secret)
      }
    }),
  )

  it.effect("are all named", () =>
    Effect.gen(function* () {
      const { message } = yield* refusalOf({ Login: { Password: secret }, Other: 1 })
      for (const path of ["Name", "Login.Password", "Other"]) assert.include(message, `${path}: `)
    }),
  )

  it.effect("are not shown, and neither is a target config that does not decode", () =>
    Effect.gen(function* () {
      const { code, message } = yield* refusalOf({ Name: "a" }, { token: secret })
      assert.strictEqual(code, "InvalidRequest")
      assert.isTrue(message.startsWith("target config: token: "), message)
      assert.notInclude(message, secret)
    }),
  )
})

describe("an update of what can only be set at create", () => {
  const updates: Array<unknown> = []
  const door = defineResource({
    type: "Suite::Vault::Door",
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({
      Name: Property.createOnly(Schema.String),
      Place: Property.createOnly(Schema.optionalKey(Schema.Struct({ floor: Schema.Int }))),
      Code: Property.createOnly(Property.writeOnly(Schema.optionalKey(Schema.String))),
      Keys: Property.createOnly(Schema.optionalKey(Schema.Array(Schema.String))),
      Color: Schema.optionalKey(Schema.String),
    }),
    create: () => Effect.die("not here"),
    read: () => Effect.die("not here"),
    update: ({ desired, nativeId }) => {
      updates.push(desired)
      return Effect.succeed(succeeded({ nativeId, properties: {} }))
    },
    delete: () => Effect.die("not here"),
  })
  const ask = (prior: Properties, desired: Properties) => {
    updates.length = 0
    return door.update!({ ...update("Vault", "n-1", { prior, desired, patch: [] }), targetConfig: {} })
  }

  it.effect.each([
    ["Name", { Name: "a" }, { Name: "b" }],
    ["Keys", { Name: "a", Keys: ["x", "y"] }, { Name: "a", Keys: ["y", "x"] }],
  ] as const)("is refused, and does not reach the handler: %s", ([name, prior, desired]) =>
    Effect.gen(function* () {
      const { code, message } = yield* Effect.flip(ask(prior, desired))
      assert.deepEqual([code, message], ["NotUpdatable", `${name} cannot be changed after create`])
      assert.deepEqual(updates, [])
    }),
  )

  it.effect("is not one if the provider added to the property, or does not return it", () =>
    Effect.gen(function* () {
      const desired = { Name: "a", Place: { floor: 1 }, Code: "1234", Keys: ["x"], Color: "red" }
      yield* ask({ Name: "a", Place: { floor: 1, wing: "east" }, Keys: ["x"] }, desired)
      assert.deepEqual(updates, [desired])
    }),
  )
})

describe("a resource type", () => {
  it("describes its properties", () => {
    const traits = definition.capabilities.properties
    assert.deepInclude(traits["Key"], { writeOnly: true, opaque: true, required: false })
    assert.deepInclude(traits["Tags"], { unordered: true, required: false })
    assert.deepInclude(traits["Arn"], { output: true, required: false })
    assert.deepInclude(traits["Name"], { createOnly: true, required: true })
    assert.deepInclude(definition.capabilities.schema, {
      type: "object",
      required: ["Name"],
      additionalProperties: false,
    })
  })

  it("describes the config of its target, with patterns and their messages", () => {
    assert.deepEqual(definition.capabilities.targetSchema, {
      type: "object",
      properties: { token: { type: "string", allOf: [{ pattern: "^t-", message: "Expected a token" }] } },
      required: ["token"],
      additionalProperties: false,
    })
  })

  it("must have its plugin's namespace, and be defined once", () => {
    const plugin = (namespace: string, types: ReadonlyArray<typeof definition>) =>
      definePlugin({ name: "vault", namespace, version: "1.0.0", types })
    assert.strictEqual(plugin("suite", [definition]).types.size, 1)
    assert.throws(() => plugin("Other", [definition]), "serves Other and cannot define Suite::Vault::Secret")
    assert.throws(() => plugin("Suite", [definition, definition]), "defines Suite::Vault::Secret twice")
  })
})
