import { assert, describe, it } from "@effect/vitest"
import { compare, updateBasis } from "../../../src/agent/plan/Comparison.ts"
import type { Paths } from "../../../src/protocol/PathTraits.ts"
import type { Properties, TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { capable } from "./capabilities.ts"

const paths: Paths = {
  "/Trust": { policy: true },
  "/Variables": { exact: true, emptyIsAbsent: true },
  "/Metadata": { exact: true, reserved: ["aws:*", "formae"] },
  "/Fixed": { exact: true },
  "/Indexes/*/Keys": { unordered: true },
  "/Indexes/*/Kind": { createOnly: true },
  "/Block": { cidr: true },
  "/Rules": { distinct: true },
  "/Rules/*": { exact: false },
  "/Rules/*/Protocol": { number: true, aliases: { 6: "tcp" } },
  "/Rules/*/Body": { exact: true },
  "/Layers": { emptyIsAbsent: true },
  "/Key": { default: "alias/own" },
  "/Tier": { resolvedTo: { Intelligent: ["Standard", "Advanced"] } },
  "/Filter": { json: true, exact: true },
  "/Host": { ignoreCase: true },
  "/Action": { list: true },
  "/Attributes": { keyedBy: ["Name"] },
  "/Attributes/*/Kind": { createOnly: true },
  "/Tenancy": { default: "default", updatable: { dedicated: ["default"] } },
  "/Value": { maybeReturned: true },
}

const type: TypeCapabilities = {
  ...capable("Suite::Of::Exact", {
    Block: ["createOnly"],
    Fixed: ["createOnly"],
    Indexes: ["unordered"],
    Rules: ["unordered"],
    Attributes: ["unordered"],
    Tenancy: ["createOnly"],
    Value: ["opaque"],
    Hint: ["writeOnly"],
    Secret: ["opaque"],
    ...Object.fromEntries(
      ["Trust", "Variables", "Metadata", "Layers", "Key", "Tier", "Filter", "Host", "Action", "Size"].map((name) => [
        name,
        [],
      ]),
    ),
  }),
  paths,
}

interface Given {
  readonly desired: Properties
  readonly prior?: Properties
  readonly actual?: Properties
}

const told = ({ actual, desired, prior = desired }: Given, exactBefore?: ReadonlyArray<string>) => {
  const difference = compare({ desired, prior, actual: actual ?? desired, unknown: [], exactBefore }, type)
  const seen = difference.seenOutside.map((path) => ` seen ${path}`).join("")
  switch (difference._tag) {
    case "Same":
      return `Same${seen}`
    case "Update":
      return `Update ${difference.changed.join(" ")}${seen}`
    case "Replace":
      return `Replace ${difference.forcedBy.join(" ")}${seen}`
  }
}

const statement = { Effect: "Deny", Action: "s3:*", Resource: "*" }
const trust = (more: Properties = {}, principal: Properties = { AWS: "arn:aws:iam::123456789012:role/a" }) => ({
  Trust: { Version: "2012-10-17", Statement: [{ ...statement, Principal: principal, ...more }] },
})

const same: ReadonlyArray<readonly [what: string, given: Given]> = [
  [
    "a policy as text, with one action in a list, in another case and order, and an account by its number",
    {
      desired: {
        Trust: {
          Statement: { Effect: "Allow", Action: ["s3:GetObject", "S3:PutObject"], Principal: { AWS: "123456789012" } },
        },
      },
      actual: {
        Trust: JSON.stringify({
          Statement: [
            {
              Sid: "",
              Effect: "Allow",
              Action: ["s3:putobject", "s3:GetObject"],
              Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
            },
          ],
        }),
      },
    },
  ],
  [
    "everyone, written in both ways",
    {
      desired: { Trust: { Statement: [{ Principal: "*" }] } },
      actual: { Trust: { Statement: [{ Principal: { AWS: "*" } }] } },
    },
  ],
  [
    "a condition whose value is not text",
    {
      desired: { Trust: { Statement: [{ Condition: { Bool: { "aws:SecureTransport": false } } }] } },
      actual: { Trust: { Statement: [{ Condition: { Bool: { "aws:SecureTransport": ["false"] } } }] } },
    },
  ],
  ["a zero with a sign", { desired: { Size: 0, Variables: { a: [0] } }, actual: { Size: -0, Variables: { a: [-0] } } }],
  ["reserved keys", { desired: { Metadata: { a: "1" } }, actual: { Metadata: { a: "1", "aws:x": "2", formae: "3" } } }],
  [
    "the order inside of nested arrays",
    {
      desired: { Indexes: [{ Name: "i", Keys: ["a", "b"] }] },
      actual: { Indexes: [{ Name: "i", Keys: ["b", "a"], Arn: "added" }] },
    },
  ],
  ["a block with host bits", { desired: { Block: "10.9.0.5/16" }, actual: { Block: "10.9.0.0/16" } }],
  ["a block of version 6", { desired: { Block: "2001:DB8::1/32" }, actual: { Block: "2001:db8::/32" } }],
  [
    "a protocol by its number, and a rule that is there twice",
    { desired: { Rules: [{ Protocol: "6" }, { Protocol: 6 }] }, actual: { Rules: [{ Protocol: "tcp" }] } },
  ],
  ["what is empty and not returned", { desired: { Layers: [], Variables: {} }, actual: {} }],
  ["what is empty and was removed", { desired: {}, prior: { Layers: [] }, actual: {} }],
  ["what is empty and is not asked for", { desired: { Size: 1 }, actual: { Size: 1, Variables: {} } }],
  ["a default that is not returned", { desired: { Key: "alias/own" }, actual: {} }],
  ["a default that was removed", { desired: {}, prior: { Key: "alias/own" }, actual: { Key: "alias/own" } }],
  ["a value that the provider has chosen", { desired: { Tier: "Intelligent" }, actual: { Tier: "Advanced" } }],
  ["a document as text", { desired: { Filter: { a: [1] } }, actual: { Filter: '{"a":[1]}' } }],
  ["another case", { desired: { Host: "Example.COM" }, actual: { Host: "example.com" } }],
  ["one item without its list", { desired: { Action: "a" }, actual: { Action: ["a"] } }],
  ["keys that a struct gets from the provider", { desired: { Size: 1 }, actual: { Size: 1, Other: { a: 1 } } }],
]

const different: ReadonlyArray<readonly [what: string, given: Given, difference: string]> = [
  [
    "a principal that was added to a trust policy",
    { desired: trust(), actual: trust({}, { AWS: "arn:aws:iam::123456789012:role/a", Service: "ec2.amazonaws.com" }) },
    "Update Trust",
  ],
  [
    "a condition that was added to a Deny",
    { desired: trust(), actual: trust({ Condition: { Bool: { x: "1" } } }) },
    "Update Trust",
  ],
  [
    "a variable that was added",
    { desired: { Variables: { A: "1" } }, actual: { Variables: { A: "1", B: "2" } } },
    "Update Variables",
  ],
  [
    "a variable where there should be none",
    { desired: { Variables: {} }, actual: { Variables: { B: "2" } } },
    "Update Variables",
  ],
  [
    "a key of a document in text",
    { desired: { Filter: { a: 1 } }, actual: { Filter: '{"a":1,"b":2}' } },
    "Update Filter",
  ],
  ["metadata", { desired: { Metadata: {} }, actual: { Metadata: { "aws:x": "1", y: "2" } } }, "Update Metadata"],
  [
    "a key inside an item of a set",
    { desired: { Rules: [{ Body: {} }] }, actual: { Rules: [{ Body: { a: 1 } }] } },
    "Update Rules",
  ],
  ["another block", { desired: { Block: "10.8.0.0/16" }, actual: { Block: "10.9.0.0/16" } }, "Replace /Block"],
  [
    "another length of a block",
    { desired: { Block: "10.9.0.0/17" }, actual: { Block: "10.9.0.0/16" } },
    "Replace /Block",
  ],
  ["a layer that was added", { desired: { Layers: [] }, actual: { Layers: ["a"] } }, "Update Layers"],
  ["a default that was changed elsewhere", { desired: { Key: "alias/own" }, actual: { Key: "mine" } }, "Update Key"],
  [
    "a removed value that is not the default",
    { desired: {}, prior: { Key: "mine" }, actual: { Key: "mine" } },
    "Update Key",
  ],
  [
    "a choice that the provider could not have made",
    { desired: { Tier: "Intelligent" }, actual: { Tier: "Other" } },
    "Update Tier",
  ],
  [
    "a choice that is new",
    { desired: { Tier: "Intelligent" }, prior: { Tier: "Standard" }, actual: { Tier: "Standard" } },
    "Update Tier",
  ],
  [
    "a key that the document has removed",
    {
      desired: { Indexes: [{ Name: "i" }] },
      prior: { Indexes: [{ Name: "i", Size: 1 }] },
      actual: { Indexes: [{ Name: "i", Size: 1 }] },
    },
    "Update Indexes",
  ],
]

const attributes = (...all: ReadonlyArray<readonly [Name: string, Kind: string]>) => ({
  Attributes: all.map(([Name, Kind]) => ({ Name, Kind })),
})

const byOther: ReadonlyArray<readonly [what: string, given: Given, difference: string]> = [
  [
    "the kind of an item with the same key",
    { desired: attributes(["b", "S"], ["a", "S"]), actual: attributes(["a", "N"], ["b", "S"]) },
    "Replace /Attributes/1/Kind",
  ],
  [
    "an item with a new key",
    { desired: attributes(["a", "S"], ["b", "S"]), actual: attributes(["a", "S"]) },
    "Update Attributes",
  ],
  [
    "an item whose key is gone",
    { desired: attributes(["a", "S"]), actual: attributes(["b", "N"], ["a", "S"]) },
    "Update Attributes",
  ],
  [
    "items in another order",
    { desired: attributes(["a", "S"], ["b", "N"]), actual: attributes(["b", "N"], ["a", "S"]) },
    "Same",
  ],
  [
    "a change that is possible in place",
    { desired: { Tenancy: "default" }, actual: { Tenancy: "dedicated" } },
    "Update Tenancy",
  ],
  [
    "the removal of what can be changed in place",
    { desired: {}, prior: { Tenancy: "dedicated" }, actual: { Tenancy: "dedicated" } },
    "Update Tenancy",
  ],
  [
    "a change that is not possible in place",
    { desired: { Tenancy: "dedicated" }, actual: { Tenancy: "default" } },
    "Replace /Tenancy",
  ],
  [
    "a secret that is returned and was changed elsewhere",
    { desired: { Value: "a" }, actual: { Value: "b" } },
    "Update Value",
  ],
  ["a secret that is not returned", { desired: { Value: "a" }, actual: {} }, "Same"],
  ["a new secret that is not returned", { desired: { Value: "b" }, prior: { Value: "a" }, actual: {} }, "Update Value"],
]

describe("a type that declares its forms by path", () => {
  it.each(byOther)("compares %s", (_, given, difference) => {
    assert.strictEqual(told(given), difference)
  })

  it.each(same)("sees no difference in %s", (_, given) => {
    assert.strictEqual(told(given), "Same")
  })

  it.each(different)("sees %s", (_, given, difference) => {
    assert.strictEqual(told(given), difference)
  })

  it("is not replaced because of a key more than was asked for, and says that it has seen it", () => {
    assert.strictEqual(told({ desired: { Fixed: { a: 1 } }, actual: { Fixed: { a: 1, b: 2 } } }), "Same seen /Fixed/b")
    assert.strictEqual(
      told({ desired: { Fixed: { a: 1 } }, actual: { Fixed: { a: 2, b: 2 } } }),
      "Replace /Fixed/a seen /Fixed/b",
    )
  })

  it("is replaced for a nested place that cannot be changed, and names it", () => {
    const listed = { ...type, paths: { ...paths, "/List/*/Kind": { createOnly: true } } }
    const difference = compare(
      { desired: { List: [{ Kind: "b" }] }, prior: {}, actual: { List: [{ Kind: "a" }] }, unknown: [] },
      listed,
    )
    assert.deepEqual(difference, { _tag: "Replace", changed: ["List"], forcedBy: ["/List/0/Kind"], seenOutside: [] })
  })

  it("leaves alone what it finds when it looks for added keys for the first time", () => {
    const added = { desired: trust(), actual: trust({ Condition: { Bool: { x: "1" } } }) }
    assert.strictEqual(told(added, []), "Same seen /Trust/Statement/0/Condition")
    assert.strictEqual(told(added, ["/Variables"]), "Same seen /Trust/Statement/0/Condition")
    assert.strictEqual(told(added, ["/Trust"]), "Update Trust")
    const inSet = { desired: { Rules: [{ Body: {} }] }, actual: { Rules: [{ Body: { a: 1 } }] } }
    assert.strictEqual(told(inSet, []), "Same seen /Rules/0/Body/a")
  })
})

describe("the patch of a type that declares paths", () => {
  const patchOf = ({ actual = {}, desired, prior = desired }: Given) =>
    updateBasis({ actual, desired, prior }, type).patch

  it("has what differs, and nothing else", () => {
    const desired = { Size: 2, Block: "10.9.0.5/16", Secret: "s", Hint: "h", Layers: [], ...trust() }
    const actual = { Size: 1, Block: "10.9.0.0/16", ...trust() }
    assert.deepEqual(patchOf({ desired, actual }), [{ op: "replace", path: "/Size", value: 2 }])
  })

  it("has a secret that is new, and the removal of one that is not wanted any more", () => {
    assert.deepEqual(patchOf({ desired: { Secret: "b" }, prior: { Secret: "a" } }), [
      { op: "add", path: "/Secret", value: "b" },
    ])
    assert.deepEqual(patchOf({ desired: {}, prior: { Secret: "a", Hint: "h" } }), [
      { op: "remove", path: "/Secret" },
      { op: "remove", path: "/Hint" },
    ])
  })

  it("names a place inside of a property, or the whole property if its canonical form has other places", () => {
    assert.deepEqual(patchOf({ desired: { Variables: { A: "1" } }, actual: { Variables: { A: "0", B: "2" } } }), [
      { op: "replace", path: "/Variables/A", value: "1" },
      { op: "remove", path: "/Variables/B" },
    ])
    assert.deepEqual(patchOf({ desired: trust(), actual: trust({ Effect: "Allow" }) }), [
      { op: "replace", path: "/Trust", value: trust().Trust },
    ])
  })
})
