import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { draftProperties } from "../../../src/agent/commands/draftProperties.ts"
import { type Draft, type Referable, withReferences } from "../../../src/agent/commands/draftReferences.ts"
import { defineResource, Property } from "../../../src/plugin/index.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import * as Effect from "effect/Effect"

const { capabilities } = defineResource({
  type: "Shop::Of::Door",
  idempotency: "none",
  target: Schema.Struct({}),
  properties: Schema.Struct({
    Name: Property.createOnly(Schema.String),
    Color: Schema.optionalKey(Schema.String).pipe(Property.defaultsTo("white")),
    Rules: Schema.optionalKey(Schema.Array(Schema.Struct({ From: Schema.String, Id: Property.output(Schema.String) }))),
    Notes: Schema.optionalKey(Schema.Array(Schema.String)).pipe(Property.absentWhenEmpty),
    Key: Schema.optionalKey(Property.opaque(Schema.String)),
    Pin: Property.writeOnly(Property.opaque(Schema.String)),
    Spare: Schema.optionalKey(Property.writeOnly(Property.opaque(Schema.String))),
    Policy: Schema.optionalKey(Schema.Json),
    DoorId: Property.output(Schema.String),
  }),
  create: () => Effect.die("creates nothing"),
  read: () => Effect.die("reads nothing"),
  delete: () => Effect.die("deletes nothing"),
})

describe("what a document should state of a thing", () => {
  it("is what can be given, without secrets, and without what is there by default", () => {
    const actual: Properties = {
      Name: "front",
      Color: "white",
      Rules: [{ From: "here", Id: "rule-1" }],
      Notes: [],
      Key: "canary-1b9d",
      DoorId: "door-1",
      Unknown: 1,
    }
    assert.deepEqual(draftProperties(actual, capabilities), {
      properties: { Name: "front", Rules: [{ From: "here" }] },
      secrets: ["Key", "Pin"],
      notWritable: undefined,
    })
    const { properties, secrets } = draftProperties({ Name: "back", Color: "red" }, capabilities)
    assert.deepEqual([properties, secrets], [{ Name: "back", Color: "red" }, ["Pin"]])
  })

  it("is refused where a value would stand for something else", () => {
    const actual = { Name: "front", Policy: { $ref: "net.Id" } }
    assert.strictEqual(draftProperties(actual, capabilities).notWritable, "Policy")
  })
})

const one = (label: string, nativeId: string, actual: Properties, outputs: ReadonlyArray<string> = []): Referable => ({
  label,
  nativeId,
  actual,
  outputs: new Set(outputs),
  dependsOn: [],
})
const draft = (referable: Referable, properties: Properties): Draft => ({ ...referable, properties })

describe("the references of what is imported", () => {
  const net = one("net", "vpc-123", { VpcId: "vpc-123", State: "available", Arn: "arn:vpc/vpc-123" }, [
    "VpcId",
    "State",
    "Arn",
  ])
  const door = one("door", "door-1", { Name: "x" })

  it("stand for ids and what has them in it, at any depth, and for no other value that is the same by chance", () => {
    const properties = { Vpc: "vpc-123", List: [{ Arn: "arn:vpc/vpc-123" }], Mode: "available", Text: "vpc-123 here" }
    assert.deepEqual(withReferences([draft(door, properties)], [net]).get("door"), {
      Vpc: { $ref: "net.VpcId" },
      List: [{ Arn: { $ref: "net.Arn" } }],
      Mode: "available",
      Text: { $text: "${net.VpcId} here" },
    })
  })

  it("stand inside of a text for whole ids that the provider has made, and for no name, part or other id", () => {
    const arn = "arn:aws:s3:::shop-web"
    const bucket = one("web", "shop-web", { BucketName: "shop-web", Arn: arn, Owner: "123456789012" }, ["Arn", "Owner"])
    const topic = one(
      "topic",
      "arn:sns:123456789012:news",
      { Arn: "arn:sns:123456789012:news", Owner: "123456789012" },
      ["Arn", "Owner"],
    )
    const written = (Text: string) =>
      withReferences([draft(door, { Text })], [bucket, topic, net]).get("door")?.["Text"]
    assert.deepEqual(written(`${arn}/*`), { $text: "${web.Arn}/*" })
    assert.deepEqual(written(`["${arn}","arn:sns:123456789012:news"]`), { $text: '["${web.Arn}","${topic.Arn}"]' })
    assert.deepEqual(written(`\${x} $$ of arn:vpc/vpc-123,`), { $text: "$${x} $$ of ${net.Arn}," })
    for (const text of [
      `${arn}-2`,
      `x-${arn}`,
      "shop-web is ours",
      "arn:aws:iam::123456789012:root",
      "vpc-1234",
      "State",
    ]) {
      assert.strictEqual(written(text), text)
    }
    const own = withReferences([draft({ ...bucket, label: "own" }, { Text: `${arn}/*` })], [])
    assert.deepEqual(own.get("own"), { Text: `${arn}/*` })
  })

  it("stand for nothing that two resources have", () => {
    const twin = one("twin", "vpc-123", { VpcId: "vpc-123" }, ["VpcId"])
    assert.deepEqual(withReferences([draft(door, { Vpc: "vpc-123" })], [net, twin]).get("door"), { Vpc: "vpc-123" })
  })

  it("lead in no circle, also through others", () => {
    const [a, b] = [one("a", "id-a-1", { Id: "id-a-1" }, ["Id"]), one("b", "id-b-1", { Id: "id-b-1" }, ["Id"])]
    const middle = { ...one("middle", "id-m-1", { Id: "id-m-1" }, ["Id"]), dependsOn: ["b"] }
    const found = withReferences([draft(a, { Of: "id-m-1", Own: "id-a-1" }), draft(b, { Of: "id-a-1" })], [middle])
    assert.deepEqual(found.get("a"), { Of: { $ref: "middle.Id" }, Own: "id-a-1" })
    assert.deepEqual(found.get("b"), { Of: "id-a-1" })
  })
})
