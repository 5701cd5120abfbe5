import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import {
  Generation,
  Namespace,
  namespaceKey,
  namespaceOf,
  NativeId,
  NodeName,
  OperationId,
  RequestId,
  ResourceType,
} from "../../src/protocol/Identity.ts"
import { Identification } from "../../src/protocol/Identification.ts"

describe("a resource type", () => {
  const isResourceType = Schema.is(ResourceType)

  it.each(["AWS::S3::Bucket", "FakeAWS::EC2::VPC", "a::b::c", "A1::B2::C3"])("may be %s", (type) => {
    assert.isTrue(isResourceType(type))
  })

  it.each([
    "",
    "AWS",
    "AWS::S3",
    "AWS::S3::Bucket::Policy",
    "AWS:S3:Bucket",
    "AWS::S3::",
    "::S3::Bucket",
    "1AWS::S3::Bucket",
    "AWS::S3::Bucket ",
    "AWS::S3::Bucket\n",
    "AWS::S3::Buc-ket",
  ])("may not be %j", (type) => {
    assert.isFalse(isResourceType(type))
  })

  it.prop("belongs to the namespace of its first part", [ResourceType], ([type]) => {
    assert.strictEqual(namespaceOf(type), type.split("::")[0])
  })
})

describe("names", () => {
  it("of namespaces are the same in upper and lower case", () => {
    assert.strictEqual(namespaceKey("FakeAWS"), namespaceKey("fakeaws"))
    assert.isFalse(Schema.is(Namespace)("Fake-AWS"))
  })

  it("of nodes name a host", () => {
    assert.isTrue(Schema.is(NodeName)("aws-plugin@localhost"))
    for (const wrong of ["aws-plugin", "@localhost", "a@b@c", "a b@c"]) assert.isFalse(Schema.is(NodeName)(wrong))
  })

  it("of things, places and work have no NUL, which a state on Postgres does not hold", () => {
    for (const name of [NativeId, RequestId, Identification.fields.place]) {
      assert.deepEqual(["a", "a\0", ""].map(Schema.is(name)), [true, false, false])
    }
  })

  it("of operations are not empty, and the first launch is number 1", () => {
    assert.isFalse(Schema.is(OperationId)(""))
    assert.deepEqual([0, 1, 1.5].map(Schema.is(Generation)), [false, true, false])
  })
})
