import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { declarationsIn } from "../../src/plugin/DeclaredPaths.ts"
import * as Property from "../../src/plugin/Property.ts"

const pathsOf = (fields: Schema.Struct.Fields) => declarationsIn(fields).paths

interface Tree {
  readonly Name: string
  readonly Children?: ReadonlyArray<Tree>
}
const Tree: Schema.Codec<Tree> = Schema.Struct({
  Name: Property.caseInsensitive(Schema.String),
  Children: Schema.optionalKey(Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree))),
})

describe("the paths of a type", () => {
  it("have the traits that are written inside of structs, arrays, records and optional fields", () => {
    const Rule = Schema.Struct({
      Cidr: Property.cidr(Schema.String),
      Port: Property.numeric(Schema.optionalKey(Schema.Union([Schema.String, Schema.Int]))),
      Kind: Property.createOnly(Schema.optionalKey(Schema.String)),
    })
    assert.deepEqual(pathsOf({ Rules: Property.distinct(Schema.optionalKey(Schema.Array(Rule))) }), {
      "/Rules": { distinct: true },
      "/Rules/*/Cidr": { required: true, cidr: true },
      "/Rules/*/Port": { number: true },
      "/Rules/*/Kind": { createOnly: true },
    })
    assert.deepEqual(pathsOf({ Blocks: Schema.Array(Property.cidr(Schema.String)) }), { "/Blocks/*": { cidr: true } })
  })

  it("say that records and free JSON are exact, and structs are not", () => {
    const Struct = Schema.Struct({ A: Schema.optionalKey(Schema.String) })
    assert.deepEqual(
      pathsOf({
        Struct,
        Variables: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
        Free: Schema.Json,
        Object: Schema.JsonObject,
        Structs: Schema.Record(Schema.String, Struct),
        Open: Property.inexact(Schema.Record(Schema.String, Schema.String)),
        Asked: Property.exact(Schema.optionalKey(Struct)),
        Listed: Schema.Array(Schema.JsonObject),
      }),
      {
        "/Variables": { exact: true },
        "/Free": { exact: true },
        "/Object": { exact: true },
        "/Structs": { exact: true },
        "/Structs/*": { exact: false },
        "/Open": { exact: false },
        "/Asked": { exact: true },
        "/Listed/*": { exact: true },
      },
    )
  })

  it("follow what is JSON, and not what it is decoded to", () => {
    const Text = Schema.fromJsonString(Schema.Struct({ A: Property.cidr(Schema.String) }))
    assert.deepEqual(pathsOf({ Text, Size: Schema.FiniteFromString }), {})
    assert.deepEqual(pathsOf({ Policy: Property.policyDocument(Schema.JsonObject) }), {
      "/Policy": { policy: true, exact: true },
    })
  })

  it("end where a schema contains itself", () => {
    assert.deepEqual(pathsOf({ Tree }), {
      "/Tree/Name": { required: true, ignoreCase: true },
    })
  })

  it("escape the names of fields", () => {
    assert.deepEqual(pathsOf({ "a/b": Property.cidr(Schema.String) }), { "/a~1b": { cidr: true } })
  })
})

describe("a whole property", () => {
  it("is secret if anything inside is", () => {
    const { paths, properties } = declarationsIn({
      Login: Schema.Struct({ Name: Schema.String, Password: Property.opaque(Schema.String) }),
    })
    assert.isTrue(properties["Login"]?.opaque)
    assert.deepEqual(paths, { "/Login/Name": { required: true }, "/Login/Password": { required: true } })
  })

  it("has its traits for agents without paths too", () => {
    const { paths, properties } = declarationsIn({
      Tags: Property.createOnly(Property.unordered(Schema.optionalKey(Schema.Array(Schema.String)))),
    })
    assert.deepInclude(properties["Tags"], { createOnly: true, unordered: true, required: false })
    assert.deepEqual(paths, {})
  })
})
