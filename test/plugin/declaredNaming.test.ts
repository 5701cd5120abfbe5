import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { deleted, succeeded } from "../../src/plugin/Answer.ts"
import * as Property from "../../src/plugin/Property.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"

const named = Property.named({ letters: "lower", separator: "-", maxLength: 63 })

type Fields = Readonly<Record<string, Schema.Codec<unknown, unknown>>>

const define = (fields: Fields) =>
  defineResource({
    type: "Suite::Shop::Box",
    idempotency: "none",
    target: Schema.Struct({}),
    properties: Schema.Struct(fields),
    create: () => Effect.succeed(succeeded({ nativeId: "box", properties: {} })),
    read: () => Effect.succeed({}),
    delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
  })

const shown = "and is secret, and the name that the agent makes is shown; leave one of the two away"

describe("a property that is declared as named", () => {
  it("has its rule in what the type says of itself", () => {
    const { capabilities } = define({ Name: named(Schema.String), Size: Schema.Int })
    assert.deepEqual(capabilities.naming, { property: "Name", letters: "lower", separator: "-", maxLength: 63 })
  })

  it.each<[what: string, fields: Fields, says: string]>([
    ["secret", { Key: Property.opaque(named(Schema.String)) }, `Key is declared as named ${shown}`],
    ["secret, said before", { Key: named(Property.opaque(Schema.String)) }, `Key is declared as named ${shown}`],
    [
      "secret inside",
      { Key: named(Schema.Struct({ Word: Property.opaque(Schema.String) })) },
      `Key is declared as named ${shown}`,
    ],
    [
      "an output",
      { Id: Property.output(named(Schema.String)) },
      "Id is declared as named and as an output, which the provider sets; leave one of the two away",
    ],
    [
      "an output, said before",
      { Id: named(Property.output(Schema.String)) },
      "Id is declared as named and as an output, which the provider sets; leave one of the two away",
    ],
    [
      "one of two",
      { Name: named(Schema.String), Alias: named(Schema.String) },
      "Name and Alias are declared as named, and only one property can be; leave it away at the others",
    ],
  ])("cannot be %s", (_, fields, says) => {
    assert.throws(() => define(fields), `Suite::Shop::Box cannot be defined: ${says}`)
  })
})
