/** A plugin with a type whose properties are each for one keyword of JSON Schema. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { deleted, succeeded } from "../../src/plugin/Answer.ts"
import { definePlugin, defineResource, inProcess } from "../../src/plugin/index.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"

const side: Properties = { properties: { side: { type: "integer" } }, required: ["side"] }
const circle: Properties = {
  properties: { radius: { type: "integer" }, colour: { type: "string" } },
  required: ["radius", "colour"],
}

/** The schema of each property. */
export const ruleSchemas = {
  additional: { properties: { name: {} }, additionalProperties: false },
  closed: { additionalProperties: false },
  few: { prefixItems: [{}], items: false },
  allOf: { allOf: [{ pattern: "^ami-", message: "Expected the id of an image, such as ami-1" }] },
  anyOf: { anyOf: [side, circle] },
  const: { const: "on" },
  object: { const: { a: 1 } },
  array: { const: [1] },
  none: { enum: [] },
  contains: { contains: { const: "a" }, maxContains: 1 },
  dependent: { dependentRequired: { user: ["password"] }, properties: { password: { type: "boolean" } } },
  enum: { enum: ["Enabled", "Suspended"] },
  many: { enum: Array.from({ length: 60 }, (_, index) => index) },
  exclusiveMaximum: { exclusiveMaximum: 9 },
  exclusiveMinimum: { exclusiveMinimum: 1 },
  integer: { type: "integer" },
  list: { type: "array", items: { type: "boolean" } },
  maxItems: { maxItems: 2 },
  maxLength: { maxLength: 5 },
  maxProperties: { maxProperties: 1 },
  maximum: { maximum: 9 },
  minItems: { minItems: 2 },
  minLength: { minLength: 3 },
  minProperties: { minProperties: 2 },
  minimum: { minimum: 2 },
  multipleOf: { multipleOf: 5 },
  names: { propertyNames: { pattern: "^[a-z]+$" } },
  nil: { type: "null" },
  not: { not: { const: "root" } },
  number: { type: "number" },
  oneOf: { oneOf: [{ required: ["a"] }, { required: ["b"] }] },
  pattern: { pattern: "^[a-z]+$" },
  required: {
    required: ["region", "mode", "list"],
    properties: {
      region: { type: "string", examples: ["eu-west-1"] },
      mode: { enum: ["a", "b", "c", "d", "e", "f", "g"] },
      list: { type: "array" },
    },
  },
  string: { type: "string" },
  structure: { type: "object" },
  type: { type: ["string", "null"] },
  unique: { uniqueItems: true },
} as const satisfies Properties

const Rule = defineResource({
  type: "Rules::Of::Schema",
  properties: Schema.Struct({}),
  target: Schema.Struct({}),
  idempotency: "name",
  create: () => Effect.succeed(succeeded({ nativeId: "a", properties: {} })),
  read: () => Effect.succeed({}),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
})

const plugin = inProcess(definePlugin({ name: "rules", namespace: "Rules", version: "1.0.0", types: [Rule] }))

const traits = {
  required: false,
  createOnly: false,
  writeOnly: false,
  opaque: false,
  output: false,
  unordered: false,
}

export const rules: InProcessPlugin = {
  ...plugin,
  types: plugin.types.map((type) => ({
    ...type,
    schema: { type: "object", properties: ruleSchemas },
    properties: Object.fromEntries(Object.keys(ruleSchemas).map((name) => [name, traits])),
  })),
}
