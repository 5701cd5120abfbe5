import { assert, describe, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import * as JsonPatch from "effect/JsonPatch"
import * as Schema from "effect/Schema"
import { compare, updateBasis } from "../../../src/agent/plan/Comparison.ts"
import { isRemoved } from "../../../src/plugin/Patch.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"

interface Given {
  readonly desired: Properties
  readonly prior?: Properties
  readonly actual?: Properties
  readonly unknown?: ReadonlyArray<string>
}

/** By default, what was asked for last time and what the provider has are the same as what is asked for now. */
const differenceOf = ({ desired, prior = desired, actual = desired, unknown = [] }: Given) => {
  const difference = compare({ desired, prior, actual, unknown: unknown.map((name) => [name]) }, thing)
  return difference._tag === "Same" ? "Same" : `${difference._tag} ${difference.changed.join(" ")}`
}

const seal = { $sealed: { salt: "c2FsdA==", hmac: "aG1hYw==" } }

const cases: ReadonlyArray<readonly [what: string, given: Given, difference: string]> = [
  ["that is as wanted", { desired: { Name: "a", Size: 1 } }, "Same"],
  ["that was edited", { desired: { Size: 2 }, prior: { Size: 1 }, actual: { Size: 1 } }, "Update Size"],
  ["with a new property", { desired: { Size: 2 }, prior: {}, actual: {} }, "Update Size"],
  ["that was edited as someone else has edited it already", { desired: { Size: 2 }, prior: { Size: 1 } }, "Same"],
  ["that was changed elsewhere", { desired: { Size: 1 }, actual: { Size: 3 } }, "Update Size"],
  ["whose property was removed elsewhere", { desired: { Size: 1 }, actual: {} }, "Update Size"],
  [
    "whose property was removed from the document",
    { desired: {}, prior: { Size: 1 }, actual: { Size: 1 } },
    "Update Size",
  ],
  [
    "with properties that the provider adds",
    { desired: { Name: "a" }, actual: { Name: "a", Size: 9, Id: "i" } },
    "Same",
  ],
  [
    "with values that the provider adds inside a property",
    { desired: { Options: { A: { B: 1 } } }, actual: { Options: { A: { B: 1, C: 2 }, D: 3 } } },
    "Same",
  ],
  [
    "that was changed inside a property",
    { desired: { Options: { A: { B: 1 } } }, actual: { Options: { A: { B: 2, C: 2 } } } },
    "Update Options",
  ],
  [
    "with the keys of an object in another order",
    { desired: { Options: { A: 1, B: 2 } }, prior: { Options: { B: 2, A: 1 } } },
    "Same",
  ],
  ["with a list in another order", { desired: { List: [1, 2] }, actual: { List: [2, 1] } }, "Update List"],
  ["with a longer list", { desired: { List: [1] }, actual: { List: [1, 2] } }, "Update List"],
  ["with a list that is no longer a list", { desired: { List: [1] }, actual: { List: { 0: 1 } } }, "Update List"],
  [
    "with an object that is no longer an object",
    { desired: { Options: {} }, actual: { Options: [] } },
    "Update Options",
  ],
  [
    "with a set in another order",
    {
      desired: {
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      },
      prior: {
        Tags: [
          { Value: "2", Key: "b" },
          { Key: "a", Value: "1" },
        ],
      },
      actual: {
        Tags: [
          { Value: "2", Key: "b" },
          { Value: "1", Key: "a" },
        ],
      },
    },
    "Same",
  ],
  [
    "with a set whose items have their keys in another order, at every depth",
    {
      desired: { Tags: [{ A: { x: 1, y: 9 } }, { A: { x: 2, y: 0 } }] },
      actual: { Tags: [{ A: { y: 9, x: 1 } }, { A: { y: 0, x: 2 } }] },
    },
    "Same",
  ],
  [
    "with a different set",
    { desired: { Tags: [{ Key: "a", Value: "1" }] }, actual: { Tags: [{ Key: "a", Value: "2" }] } },
    "Update Tags",
  ],
  [
    "with a set that has one item twice",
    { desired: { Tags: ["a", "a"] }, actual: { Tags: ["a", "b"] } },
    "Update Tags",
  ],
  [
    "with a set whose items the provider adds values to, so that they sort differently",
    {
      desired: { Tags: [{ Port: 80 }, { Port: 443 }] },
      actual: {
        Tags: [
          { Id: "a", Port: 80 },
          { Id: "b", Port: 443 },
        ],
      },
    },
    "Same",
  ],
  [
    "with a set in which one item fits two wanted ones",
    {
      desired: { Tags: [{ A: 1 }, { A: 1, B: 2 }] },
      actual: {
        Tags: [
          { A: 1, B: 2 },
          { A: 1, C: 3 },
        ],
      },
    },
    "Same",
  ],
  [
    "with a set in which two wanted items fit only one",
    { desired: { Tags: [{ A: 1 }, { B: 2 }] }, actual: { Tags: [{ A: 1, B: 2 }, { C: 3 }] } },
    "Update Tags",
  ],
  ["with a null that is wanted and a missing value", { desired: { Size: null }, actual: {} }, "Same"],
  ["with a property that is never returned", { desired: { Hint: "x" }, actual: {} }, "Same"],
  [
    "with a different value of such a property",
    { desired: { Hint: "y" }, prior: { Hint: "x" }, actual: {} },
    "Update Hint",
  ],
  ["with a secret whose seal was opened", { desired: { Password: "p" }, prior: { Password: "p" }, actual: {} }, "Same"],
  ["with a different secret", { desired: { Password: "p" }, prior: { Password: seal }, actual: {} }, "Update Password"],
  [
    "with a secret that the provider returns in its own way",
    { desired: { Secret: "p" }, actual: { Secret: "***" } },
    "Same",
  ],
  ["without its secret", { desired: {}, prior: { Password: seal }, actual: {} }, "Update Password"],
  [
    "with a property that is not known yet",
    { desired: {}, prior: { Size: 1 }, actual: { Size: 1 }, unknown: ["Size"] },
    "Update Size",
  ],
  [
    "with a new property that is not known yet",
    { desired: {}, prior: {}, actual: {}, unknown: ["Size"] },
    "Update Size",
  ],
  [
    "with a different name, which cannot be changed",
    { desired: { Name: "b" }, prior: { Name: "a" }, actual: { Name: "a" } },
    "Replace Name",
  ],
  ["whose name was changed elsewhere", { desired: { Name: "a" }, actual: { Name: "z" } }, "Replace Name"],
  [
    "with a name that is not known yet",
    { desired: {}, prior: { Name: "a" }, actual: { Name: "a" }, unknown: ["Name"] },
    "Replace Name",
  ],
  [
    "with a different name and other changes",
    { desired: { Name: "b", Size: 2 }, prior: { Name: "a", Size: 1 }, actual: { Name: "a", Size: 1 } },
    "Replace Name",
  ],
]

describe("a resource", () => {
  it.each(cases)("%s", (_, given, difference) => {
    assert.strictEqual(differenceOf(given), difference)
  })

  it("is compared with the provider only in properties that were asked for", () => {
    assert.strictEqual(differenceOf({ desired: {}, prior: {}, actual: { Size: 5, Tags: ["x"] } }), "Same")
  })
})

const nameIn = (path: string) => (path.split("/")[1] ?? "").replaceAll("~1", "/").replaceAll("~0", "~")

describe("what an update starts from", () => {
  const Value = Schema.optionalKey(Schema.Json)
  const Given = Schema.Struct({
    Name: Value,
    Size: Value,
    Options: Value,
    Tags: Value,
    Hint: Value,
    Secret: Value,
    Id: Value,
    "a/b~c": Value,
  })
  const Properties = Schema.Struct({ desired: Given, prior: Given, actual: Given })

  it.prop("is a patch that leads from the prior properties to those that are wanted", [Properties], ([given]) => {
    const { patch, prior } = updateBasis(given, thing)
    // A property that is not in `prior` because it is secret cannot be removed from it.
    const applicable = patch.filter(({ op, path }) => op !== "remove" || Object.hasOwn(prior, nameIn(path)))
    assert.isTrue(Equal.equals(JsonPatch.apply(applicable, prior), given.desired))
  })

  it("removes properties that cannot be read and are no longer wanted", () => {
    const { patch, prior } = updateBasis(
      { desired: { Size: 1 }, prior: { Size: 1, Hint: "h", Secret: seal, Password: seal }, actual: { Size: 1 } },
      thing,
    )
    assert.deepEqual(prior, { Size: 1 })
    assert.deepEqual(patch, [
      { op: "remove", path: "/Hint" },
      { op: "remove", path: "/Secret" },
      { op: "remove", path: "/Password" },
    ])
    assert.isTrue(isRemoved(patch, "Password"))
    assert.isFalse(isRemoved(patch, "Size"))
  })

  it("removes such a property once, even if the provider returns it, and escapes its name", () => {
    const odd = capable("Suite::Of::Odd", { "a/b~c": ["writeOnly"], Name: ["createOnly"] })
    const given = { desired: {}, prior: { "a/b~c": 1 } }
    for (const actual of [{}, { "a/b~c": 1 }]) {
      assert.deepEqual(updateBasis({ ...given, actual }, odd).patch, [{ op: "remove", path: "/a~1b~0c" }])
    }
  })

  it("has no secret, no output, and nothing that was never asked for", () => {
    const { patch, prior } = updateBasis(
      {
        desired: { Size: 2, Secret: "new", Tags: ["a"] },
        prior: { Size: 1, Secret: "old", List: [1] },
        actual: { Size: 1, Secret: "old", Id: "i", List: [1], Options: { A: 1 } },
      },
      thing,
    )
    assert.deepEqual(prior, { Size: 1, List: [1] })
    assert.deepEqual(JsonPatch.apply(patch, prior), { Size: 2, Secret: "new", Tags: ["a"] })
    assert.notInclude(JSON.stringify(patch), "old")
  })
})
