/** Resource types with what is rare: definitions, names that are reserved or need quotes, and what schemas leave out. */
import { ResourceType } from "../../../src/protocol/Identity.ts"
import type { Properties, PropertyTraits, TypeCapabilities } from "../../../src/protocol/Resource.ts"

const traits = (...names: ReadonlyArray<keyof PropertyTraits>): PropertyTraits => ({
  required: names.includes("required"),
  createOnly: names.includes("createOnly"),
  writeOnly: names.includes("writeOnly"),
  opaque: names.includes("opaque"),
  output: names.includes("output"),
  unordered: names.includes("unordered"),
})

const capabilities = (
  type: string,
  properties: Readonly<Record<string, PropertyTraits>>,
  schema: Properties,
  targetSchema?: Properties,
): TypeCapabilities => ({
  type: ResourceType.make(type),
  idempotency: "name",
  listable: false,
  recoverable: false,
  properties,
  targetIdentity: [],
  targetSecrets: [],
  schema,
  ...(targetSchema === undefined ? {} : { targetSchema }),
})

const region = { type: "object", properties: { region: { type: "string" } }, additionalProperties: false }

export const oddTypes: ReadonlyArray<TypeCapabilities> = [
  {
    ...capabilities(
      "Odd::default::Rule",
      {
        "a-b": traits("required"),
        Statement: traits("createOnly", "opaque", "writeOnly"),
        Made: traits("output"),
        Untold: traits(),
      },
      {
        type: "object",
        properties: {
          "a-b": { type: "string", description: "Ends a comment: */" },
          Statement: { $ref: "#/$defs/Statement" },
          Made: { type: "integer" },
        },
        $defs: {
          Statement: {
            type: "object",
            properties: { Not: { $ref: "#/$defs/Statement" }, Of: { $ref: "#/$defs/one~1two" } },
            required: ["Of"],
            additionalProperties: false,
          },
          "one/two": { enum: [1, 2] },
        },
      },
      region,
    ),
    paths: {
      "/a-b": { ignoreCase: true, emptyIsAbsent: true },
      "/Statement": { exact: true },
      "/Untold": { cidr: true, default: { a: 1 } },
    },
  },
  capabilities("Odd::Empty::Thing", {}, { type: "object" }),
]
