import { assert, describe, it } from "@effect/vitest"
import {
  findReferences,
  labelsReferredTo,
  type Lookup,
  resolveReferences,
  valueAt,
} from "../../../src/agent/forma/References.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"

const known: Readonly<Record<string, Properties>> = {
  net: { VpcId: "vpc-1", Zones: ["a", "b"], Dns: { Name: "net.local" }, Nothing: null },
}
const lookup: Lookup = (label, property) => valueAt(known[label] ?? {}, property)

const bad = (value: Properties["x"]) => findReferences({ x: value ?? null })

describe("references", () => {
  it("are found wherever they are, each with its place", () => {
    assert.deepEqual(
      findReferences({
        VpcId: { $ref: "net.VpcId" },
        Rules: [{ Port: 80 }, { From: { Group: { $ref: "group.Id" } } }],
        Name: "net.VpcId",
      }),
      [
        { label: "net", property: ["VpcId"], at: ["VpcId"] },
        { label: "group", property: ["Id"], at: ["Rules", 1, "From", "Group"] },
      ],
    )
    assert.deepEqual(findReferences({ Host: { $ref: "net.Dns.Name" } }), [
      { label: "net", property: ["Dns", "Name"], at: ["Host"] },
    ])
  })

  it("that cannot be read are found with the reason", () => {
    for (const text of ["net", "", ".", "net.", ".VpcId", "net..VpcId", "net.Dns.", 7, null, ["net.VpcId"]]) {
      assert.deepEqual(bad({ $ref: text }), [{ at: ["x"], reason: "expected a reference such as net.VpcId" }])
    }
    assert.deepEqual(bad({ $ref: "net.VpcId", else: 1 }), [
      { at: ["x"], reason: "a reference must have the key $ref and no other; take else out" },
    ])
  })

  it("are found in texts and secrets too", () => {
    assert.deepEqual(
      findReferences({
        Arn: { $text: "arn:${net.VpcId}/${group.Id}$${no.Value}" },
        Key: { $secret: { $text: "${net.Key}" } },
        At: [{ $secret: [{ $ref: "net.Zones" }] }],
        Account: { $text: "${target.cloud.accountId}${param.x}" },
      }),
      [
        { label: "net", property: ["VpcId"], at: ["Arn"], inText: true },
        { label: "group", property: ["Id"], at: ["Arn"], inText: true },
        { label: "net", property: ["Key"], at: ["Key"], inText: true },
        { label: "net", property: ["Zones"], at: ["At", 0, 0] },
        { word: "target", names: ["cloud", "accountId"], at: ["Account"], inText: true },
        { word: "param", names: ["x"], at: ["Account"], inText: true },
      ],
    )
    assert.deepEqual(bad({ $text: 7 }), [{ at: ["x"], reason: "expected a text such as net-${net.VpcId}" }])
    assert.deepEqual(bad({ $secret: 1, else: 1 }), [
      { at: ["x"], reason: "a secret must have the key $secret and no other; take else out" },
    ])
    assert.deepEqual(bad({ $text: "a${net" }), [
      {
        at: ["x"],
        reason: "the ${ at character 2 is not closed by a }; write $${ where ${ should be in the text",
      },
    ])
  })

  it("name each label once", () => {
    assert.deepEqual(
      labelsReferredTo({ a: { $ref: "net.A" }, b: [{ $ref: "other.A" }, { $ref: "net.B" }], c: { $ref: "broken" } }),
      ["net", "other"],
    )
  })
})

describe("resolving", () => {
  it("replaces references by their values, at every depth", () => {
    const { properties, unknown } = resolveReferences(
      {
        VpcId: { $ref: "net.VpcId" },
        Tags: [{ Key: "vpc", Value: { $ref: "net.VpcId" } }, "as it is"],
        Zones: { $ref: "net.Zones" },
        Host: { In: { $ref: "net.Dns.Name" } },
        Plain: null,
      },
      lookup,
    )
    assert.deepEqual(properties, {
      VpcId: "vpc-1",
      Tags: [{ Key: "vpc", Value: "vpc-1" }, "as it is"],
      Zones: ["a", "b"],
      Host: { In: "net.local" },
      Plain: null,
    })
    assert.deepEqual([...unknown], [])
  })

  it("leaves out each property with an unknown value in it, and keeps the others", () => {
    const { properties, unknown } = resolveReferences(
      {
        VpcId: { $ref: "net.Arn" },
        Tags: [
          { Key: "a", Value: "b" },
          { Key: "other", Value: { $ref: "other.Id" } },
        ],
        Deep: { Of: { Name: { $ref: "net.Dns.Name.More" } } },
        Bad: { $ref: "net" },
        Size: 1,
      },
      lookup,
    )
    assert.deepEqual(properties, { Size: 1 })
    assert.deepEqual([...unknown], ["VpcId", "Tags", "Deep", "Bad"])
  })

  it("keeps every key, whatever its name", () => {
    const given = JSON.parse(
      '{"Policy":{"__proto__":{"a":1},"constructor":[{"__proto__":2}]},"__proto__":3}',
    ) as Properties
    const { properties, unknown } = resolveReferences(given, lookup)
    assert.strictEqual(JSON.stringify(properties), JSON.stringify(given))
    assert.strictEqual(Object.getPrototypeOf(properties["Policy"]), Object.prototype)
    assert.deepEqual([...unknown], [])
  })

  it("treats a known null as a value", () => {
    const { properties, unknown } = resolveReferences(
      { X: { $ref: "net.Nothing" }, L: [{ $ref: "net.Nothing" }] },
      lookup,
    )
    assert.deepEqual(properties, { X: null, L: [null] })
    assert.strictEqual(unknown.size, 0)
  })

  it("finds only own properties of objects", () => {
    assert.isUndefined(valueAt({ a: {} }, ["a", "constructor"]))
    assert.isUndefined(valueAt({ a: "text" }, ["a", "length"]))
    assert.isUndefined(valueAt({ a: [1] }, ["a", "0"]))
  })

  it("joins a text, and unwraps a secret", () => {
    const values: Lookup = (label, property) => valueAt({ a: { S: "s", N: 1.5, B: false } }[label] ?? {}, property)
    const { properties, unfit, unknown } = resolveReferences(
      { T: [{ $text: "<${a.S} ${a.N} ${a.B} $${a.S}>" }], S: { $secret: { x: { $secret: { $text: "${a.S}!" } } } } },
      values,
    )
    assert.deepEqual(properties, { T: ["<s 1.5 false ${a.S}>"], S: { x: "s!" } })
    assert.deepEqual([unfit, [...unknown]], [[], []])
  })

  it("leaves a text out as a whole while one of its values is not known, or does not fit", () => {
    const { properties, unfit, unknownPlaces } = resolveReferences(
      {
        A: { $text: "${net.VpcId}/${net.Later}" },
        B: { In: { $text: "${net.Zones}${net.Dns}" } },
        C: { $text: "${net.Nothing}" },
        D: { $text: "${target.cloud.accountId}" },
      },
      lookup,
      ([name]) => (name === "A" ? "as before" : undefined),
    )
    assert.deepEqual(properties, { A: "as before" })
    assert.deepEqual(unknownPlaces, [["A"], ["B", "In"], ["C"], ["D"]])
    assert.deepEqual(
      unfit.map(({ message, place }) => `${place.join(".")} ${message.split(",")[0]}`),
      ["B.In ${net.Zones} is a list", "B.In ${net.Dns} is an object", "C ${net.Nothing} is null"],
    )
  })
})
