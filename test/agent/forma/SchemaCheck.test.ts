import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { FormaDocument, FormaResource } from "../../../src/agent/forma/FormaDocument.ts"
import { checkTypes } from "../../../src/agent/forma/FormaCheck.ts"
import { checkAgainst } from "../../../src/agent/forma/SchemaCheck.ts"
import { deleted, succeeded } from "../../../src/plugin/Answer.ts"
import * as Property from "../../../src/plugin/Property.ts"
import { defineResource } from "../../../src/plugin/ResourceDefinition.ts"
import { Namespace } from "../../../src/protocol/Identity.ts"
import { formatIssue } from "../../../src/protocol/Issue.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"

const canary = "canary-77"

const { capabilities } = defineResource({
  type: "Suite::Of::Thing",
  idempotency: "name",
  target: Schema.Struct({ region: Schema.NonEmptyString, retries: Schema.optionalKey(Schema.Int) }),
  properties: Schema.Struct({
    Name: Property.createOnly(
      Schema.String.check(
        Schema.isMinCodePoints(2),
        Schema.isPattern(/^[a-z]+$/u, { message: "Expected small letters" }),
      ),
    ),
    On: Schema.optionalKey(Schema.Boolean),
    Tags: Schema.optionalKey(
      Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.optionalKey(Schema.String) })),
    ),
    Mode: Schema.optionalKey(Schema.Literals(["fast", "slow"])),
    Form: Schema.optionalKey(
      Schema.Union([Schema.Struct({ side: Schema.Int }), Schema.Struct({ radius: Schema.Int, colour: Schema.String })]),
    ),
    Id: Property.output(Schema.Int),
  }),
  create: () => Effect.succeed(succeeded({ nativeId: "a", properties: {} })),
  read: () => Effect.succeed({}),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
})

const objections = (properties: Properties, config?: Properties) => {
  const resource = (label: string, given: Properties): FormaResource => ({
    label,
    type: capabilities.type,
    target: "here",
    properties: given,
  })
  const forma: FormaDocument = {
    targets: {
      here: { namespace: Namespace.make("Suite"), ...(config === undefined ? {} : { config }) },
      idle: { namespace: Namespace.make("Suite"), config: { what: "ever" } },
    },
    resources: [resource("other", { Name: "other" }), resource("it", properties)],
  }
  return checkTypes(
    forma,
    () => capabilities,
    () => [],
  ).map(formatIssue)
}

const here = { region: "r" }
const ref = { $ref: "other.Id" }

describe("the values of properties", () => {
  it("are checked by the schema of the plugin, all at once, and are not shown", () => {
    const found = objections(
      { Name: "A", On: canary, Mode: canary, Tags: [{ Key: "a" }, { Key: 1, Vlaue: canary }, canary], Id: canary },
      here,
    )
    assert.sameMembers(found, [
      "resources[1].properties.Id: Id is set by the provider and cannot be given",
      "resources[1].properties.Name: Expected a string with at least 2 code points",
      "resources[1].properties.Name: Expected small letters",
      "resources[1].properties.On: Expected boolean",
      `resources[1].properties.Mode: Expected "fast" | "slow"`,
      "resources[1].properties.Tags[1].Key: Expected string",
      "resources[1].properties.Tags[1].Vlaue: there is no such field",
      "resources[1].properties.Tags[2]: Expected object",
    ])
    assert.notInclude(found.join("\n"), canary)
  })

  it.each<readonly [Properties, ReadonlyArray<string>]>([
    [{ Name: ref, On: ref, Mode: ref, Tags: ref, Form: ref }, []],
    [{ Name: "ab", Tags: [ref, { Key: ref, Value: ref }] }, []],
    [{ Name: "ab", Tags: [{ Key: ref, Value: 1 }] }, ["resources[1].properties.Tags[0].Value: Expected string"]],
    [
      { Name: "ab", Tags: [{ Key: "a", Vlaue: ref }] },
      ["resources[1].properties.Tags[0].Vlaue: there is no such field"],
    ],
    // Which form is meant is not known before the reference is.
    [{ Name: "ab", Form: { radius: ref, colour: "red" } }, []],
  ])("are not checked if they are references: %j", (properties, expected) => {
    assert.deepEqual(objections(properties, here), expected)
  })

  it("are left to the plugin if the schema cannot be used", () => {
    assert.deepEqual(checkAgainst({ type: "object", unevaluatedProperties: false }, { a: 1 }), [])
    assert.deepEqual(checkAgainst({ properties: { a: { pattern: "(" } } }, { a: 1 }), [])
    assert.deepEqual(checkAgainst({}, { a: 1 }), [])
  })
})

describe("P1: a schema that never ends", () => {
  it.each<Properties>([
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } },
    { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
    { $ref: "#/$defs/a", $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "string" }] } } },
    {
      properties: { a: { $ref: "#/$defs/a" } },
      $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] } },
    },
  ])("is left to the plugin: %j", (schema) => {
    assert.deepEqual(checkAgainst(schema, { a: { a: 1 } }), [])
  })

  it("is not one that only names itself for what is inside", () => {
    const inside = { type: "object", properties: { a: { $ref: "#/$defs/a" } } }
    const schema: Properties = { $ref: "#/$defs/a", $defs: { a: inside } }
    assert.lengthOf(checkAgainst(schema, { a: { a: 1 } }), 1)
  })
})

describe("the config of a target", () => {
  it.each<readonly [Properties | undefined, ReadonlyArray<string>]>([
    [here, []],
    [undefined, ["targets.here.config.region: is missing"]],
    [
      { regoin: canary, region: "", retries: canary },
      [
        "targets.here.config.regoin: there is no such field",
        "targets.here.config.region: Expected a value with a length of at least 1",
        "targets.here.config.retries: Expected number",
      ],
    ],
  ])("is checked once by the schema of the types that live there: %j", (config, expected) => {
    assert.deepEqual(objections({ Name: "ab" }, config), expected)
  })
})
