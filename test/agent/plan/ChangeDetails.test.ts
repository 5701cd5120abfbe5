import { assert, describe, it } from "@effect/vitest"
import type { ExistingResource, WantedResource } from "../../../src/agent/plan/Change.ts"
import { changeDetails } from "../../../src/agent/plan/ChangeDetails.ts"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { Naming } from "../../../src/protocol/Naming.ts"
import type { Properties, TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, notRead, wanted } from "./planned.ts"

/** The details of each change, by label. */
const details = (
  wants: ReadonlyArray<WantedResource>,
  found: ReadonlyArray<ExistingResource>,
  ofDeleted: TypeCapabilities | "unknown" = thing,
) => {
  const changes = makePlan(wants, byLabel(...found))
  const detailsOf = changeDetails(changes, () => (ofDeleted === "unknown" ? undefined : ofDeleted))
  return Object.fromEntries(changes.map((change) => [change.label, detailsOf(change)]))
}

const hidden = { secret: true } as const

describe("the details of a create", () => {
  it("are its properties, with references whose values are known only later as they are in the document", () => {
    const wants = [
      wanted("net"),
      wanted("kept"),
      wanted("a", {
        Name: "a",
        Size: null,
        Options: { Net: { $ref: "net.Id" }, Kept: { $ref: "kept.Id" } },
        Secret: "canary",
        Surprise: "canary",
      }),
    ]
    assert.deepEqual(details(wants, [existing("kept")])["a"], [
      { path: "/Name", after: "a" },
      { path: "/Options", after: { Net: { $ref: "net.Id" }, Kept: "id-kept" }, knownLater: true },
      { path: "/Secret", after: hidden, secret: true },
      // The type does not declare it.
      { path: "/Surprise", after: hidden, secret: true },
    ])
  })

  it("have the name that will be made, without its value", () => {
    const naming = Naming.make({ property: "Name", letters: "lower", separator: "-", maxLength: 63 })
    const wants = [wanted("a", { Size: 1 }, { capabilities: { ...thing, naming } })]
    assert.deepEqual(details(wants, [])["a"], [
      { path: "/Name", knownLater: true },
      { path: "/Size", after: 1 },
    ])
  })

  it("have the name that will be made anew where a resource is replaced, before what forces that", () => {
    const naming = Naming.make({ property: "Name", letters: "lower", separator: "-", maxLength: 63 })
    const capabilities = { ...capable("Suite::Of::Thing", { Name: ["createOnly"], Kind: ["createOnly"] }), naming }
    const found = [existing("a", { Kind: "x", Name: "forma-a-0" })]
    const replaced = { path: "/Kind", before: "x", after: "y", forcesReplacement: true } as const
    const remade = { path: "/Name", before: "forma-a-0", knownLater: true } as const
    assert.deepEqual(details([wanted("a", { Kind: "y" }, { capabilities })], found)["a"], [remade, replaced])
    // One that is stated stays.
    assert.deepEqual(details([wanted("a", { Kind: "y", Name: "forma-a-0" }, { capabilities })], found)["a"], [replaced])
    assert.deepEqual(details([wanted("a", { Kind: "x" }, { capabilities })], found)["a"], [])
  })

  it("say nothing where the change is blocked or nothing changes", () => {
    const changes = makePlan(
      [wanted("a", { Size: 1 }), wanted("b", { Size: 1 })],
      byLabel(existing("b", { Size: 1 })),
      new Map([["a", { code: "OutcomeUnknown", message: "it may exist" }]]),
    )
    assert.deepEqual(
      changes.map((change) => changeDetails(changes, () => thing)(change)),
      [[], []],
    )
  })

  it("say that the resource was deleted elsewhere", () => {
    const [change] = makePlan([wanted("a")], byLabel(notRead(existing("a"))))
    assert.deepEqual([change?.operation, change?.deletedOutside], ["create", true])
    assert.isUndefined(makePlan([wanted("a")], new Map())[0]?.deletedOutside)
  })
})

describe("the details of a delete", () => {
  const lost = existing("a", {}, { Size: 1, Surprise: "canary" })
  const sealed: ExistingResource = {
    ...lost,
    row: { ...lost.row, desired: { ...lost.row.desired, Password: { $sealed: { salt: "s", hmac: "h" } } } },
  }

  it("are what was read last, and the secrets that are lost", () => {
    assert.deepEqual(details([], [sealed])["a"], [
      { path: "/Size", before: 1 },
      { path: "/Surprise", before: hidden, secret: true },
      { path: "/Password", before: hidden, secret: true },
    ])
  })

  it("hide every value where the type is not known", () => {
    assert.deepEqual(
      details([], [sealed], "unknown")["a"]?.map(({ before }) => before),
      [hidden, hidden, hidden],
    )
  })
})

describe("the details of an update", () => {
  const update = (before: Properties, after: Properties, more: Partial<ExistingResource> = {}) =>
    details([wanted("a", after)], [existing("a", before, before, more)])["a"]

  it("are the places that differ, before and after", () => {
    assert.deepEqual(
      update({ Size: 1, Options: { A: 1, B: 2 }, List: ["x"] }, { List: ["x", "y"], Size: 2, Options: { A: 1, C: 3 } }),
      [
        { path: "/List", before: ["x"], after: ["x", "y"] },
        { path: "/Size", before: 1, after: 2 },
        { path: "/Options/C", after: 3 },
        { path: "/Options/B", before: 2 },
      ],
    )
  })

  it("never hold a value that is secret, or may be", () => {
    const now = { actual: { Secret: "canary-is", Surprise: "canary-is" } }
    const entries = update(
      { Secret: "canary-was", Surprise: "canary-was", Hint: "canary-was" },
      { Secret: "canary", Surprise: { Inner: ["canary"] }, Password: "canary" },
      now,
    )
    assert.deepEqual(
      entries?.map(({ path }) => path),
      ["/Secret", "/Surprise", "/Password", "/Hint"],
    )
    assert.isTrue(entries?.every(({ secret }) => secret === true))
    assert.notInclude(JSON.stringify(entries), "canary")
  })

  it("tell what was changed elsewhere from what the document changes", () => {
    const drifted = { actual: { Size: 7, Options: { A: 1 } } }
    assert.deepEqual(update({ Size: 1, Options: { A: 1 } }, { Size: 1, Options: { A: 2 } }, drifted), [
      { path: "/Size", before: 7, after: 1, changedOutside: true },
      { path: "/Options/A", before: 1, after: 2 },
    ])
    const removed = { actual: { Options: {} } }
    assert.deepEqual(update({ Options: { A: 1 } }, { Options: { A: 1 } }, removed), [
      { path: "/Options/A", after: 1, changedOutside: true },
    ])
  })

  it("show a policy as what it says, whether it is given as text or not", () => {
    const bucket: TypeCapabilities = {
      ...capable("Suite::Of::Thing", { Policy: [] }),
      paths: { "/Policy": { policy: true } },
    }
    const policy = (Action: string) => ({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] })
    const entries = details(
      [wanted("a", { Policy: policy("s3:Put") }, { capabilities: bucket })],
      [existing("a", { Policy: JSON.stringify(policy("s3:Get")) })],
    )["a"]
    assert.deepEqual(entries, [{ path: "/Policy", before: policy("s3:Get"), after: policy("s3:Put") }])
  })

  it("show the items of a set in one order", () => {
    const tag = (Key: string, Value: string) => ({ Key, Value })
    assert.deepEqual(
      update({ Tags: [tag("a", "1"), tag("b", "1"), tag("c", "1")] }, { Tags: [tag("c", "1"), tag("a", "2")] }),
      [
        {
          path: "/Tags",
          before: [tag("c", "1"), tag("a", "1"), tag("b", "1")],
          after: [tag("c", "1"), tag("a", "2")],
        },
      ],
    )
  })

  it("say what is known only later, as far as it is not", () => {
    const referring = { Options: { Net: { $ref: "net.Id" }, A: 1 } }
    const found = existing("a", referring, { Options: { Net: "id-old", A: 1 } })
    assert.deepEqual(details([wanted("net"), wanted("a", referring)], [found])["a"], [
      { path: "/Options/Net", before: "id-old", after: { $ref: "net.Id" }, knownLater: true },
    ])
  })
})

describe("the details of a replace", () => {
  it("say which place forces it, and what else differs", () => {
    const found = existing("a", { Name: "a", Size: 1 })
    assert.deepEqual(details([wanted("a", { Name: "b", Size: 2 })], [found])["a"], [
      { path: "/Name", before: "a", after: "b", forcesReplacement: true },
      { path: "/Size", before: 1, after: 2 },
    ])
  })

  it("of another type are what is lost and what is created", () => {
    const other = capable("Suite::Of::Other", { Color: [] })
    assert.deepEqual(details([wanted("a", { Color: "red" }, { capabilities: other })], [existing("a", { Size: 1 })]), {
      a: [
        { path: "/Size", before: 1 },
        { path: "/Color", after: "red" },
      ],
    })
  })

  it("of a type whose plugin gives the canonical form are those that the plan has found", () => {
    const asked = { ...thing, canonicalizes: true }
    const found = existing("a", { Name: "A", Size: "1" })
    const change = {
      ...makePlan([wanted("a", { Name: "b", Size: 1 }, { capabilities: asked })], byLabel(found))[0]!,
      operation: "replace" as const,
      changed: ["Name"],
    }
    assert.deepEqual(changeDetails([change], () => undefined)(change), [
      { path: "/Name", before: "A", after: "b", forcesReplacement: true },
    ])
  })
})
