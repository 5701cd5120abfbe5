import { assert, describe, it } from "@effect/vitest"
import { type Change, type ExistingResource, summaryOf, type WantedResource } from "../../../src/agent/plan/Change.ts"
import { makeDestroyPlan, makePlan } from "../../../src/agent/plan/Plan.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { plannedResult } from "../../../src/agent/apply/ResourceResult.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { formatPlan } from "../../../src/cli/plan/formatPlan.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, notRead, wanted } from "./planned.ts"

const describeChange = ({ blocked, changed, label, operation }: Change) =>
  [label, operation, ...changed, ...(blocked === undefined ? [] : [`(${blocked.code})`])].join(" ")

const plan = (wants: ReadonlyArray<WantedResource>, ...found: ReadonlyArray<ExistingResource>) =>
  makePlan(wants, byLabel(...found)).map(describeChange)

const order = ["a", "b", "gone", "away", "name"]

const refersTo = (label: string, property = "Id") => ({ $ref: `${label}.${property}` })

describe("a plan", () => {
  it("creates what is missing, changes what differs, deletes what is not wanted, and leaves the rest alone", () => {
    assert.deepEqual(
      plan(
        [wanted("fresh"), wanted("same", { Size: 1 }), wanted("other", { Size: 2 }), wanted("name", { Name: "b" })],
        existing("gone"),
        existing("same", { Size: 1 }),
        existing("other", { Size: 1 }),
        existing("name", { Name: "a" }),
      ),
      ["fresh create", "same noop", "other update Size", "name replace Name", "gone delete"],
    )
  })

  it("has one list of what its creates may turn out to be, however many they are", () => {
    const capabilities = { ...thing, idempotency: "name" } as const
    const [a, b, gone, away, name] = makePlan(
      [
        wanted("a", {}, { capabilities }),
        wanted("b", {}, { capabilities }),
        wanted("name", { Name: "b" }, { capabilities }),
      ],
      byLabel(existing("gone"), existing("away"), existing("name", { Name: "a" })),
    ).toSorted((one, other) => order.indexOf(one.label) - order.indexOf(other.label))
    assert.deepEqual(a?.unwanted?.toSorted(), ["away", "gone", "name"])
    assert.strictEqual(b?.unwanted, a?.unwanted)
    assert.strictEqual(name?.unwanted, a?.unwanted)
    assert.deepEqual([gone?.unwanted, away?.unwanted], [undefined, undefined])
    const [alone] = makePlan(
      [wanted("name", { Name: "b" }, { capabilities })],
      byLabel(existing("name", { Name: "a" })),
    )
    assert.deepEqual([alone?.operation, alone?.unwanted], ["replace", undefined])
  })

  it("knows the value of a reference if its resource stays", () => {
    const referring = { Size: refersTo("a"), Name: refersTo("a", "Options.Inner") }
    const before = existing("b", referring, { Size: "id-a", Name: "in" })
    const options = { Options: { Inner: "in" } }
    assert.deepEqual(plan([wanted("a", options), wanted("b", referring)], existing("a", options), before), [
      "a noop",
      "b noop",
    ])
    assert.deepEqual(
      plan([wanted("a", { ...options, Size: 2 }), wanted("b", referring)], existing("a", options), before),
      ["a update Size", "b noop"],
    )
  })

  it("compares the whole config of a target if the plugin does not say which fields are the place", () => {
    const capabilities = { ...thing, targetIdentity: [] }
    const at = (targetConfig: WantedResource["targetConfig"]) =>
      plan([wanted("a", { Size: 1 }, { capabilities, targetConfig })], existing("a", { Size: 1 }))
    assert.deepEqual(at({ region: "here" }), ["a noop"])
    assert.deepEqual(at({ region: "there" }), ["a replace target"])
    assert.deepEqual(at({ region: "here", zone: 1 }), ["a replace target"])
    assert.deepEqual(at({}), ["a replace target"])
  })

  it("treats what an update is about to change as unknown", () => {
    const before = existing("b", { Size: refersTo("a", "Size") }, { Size: 1 })
    assert.deepEqual(
      plan(
        [wanted("a", { Size: 2 }), wanted("b", { Size: refersTo("a", "Size") })],
        existing("a", { Size: 1 }),
        before,
      ),
      ["a update Size", "b update Size"],
    )
  })
})

describe("a plan with replacements", () => {
  it("says of a label whose type is another one now that it is the type", () => {
    const other = wanted("a", {}, { capabilities: capable("Test::Other::Thing", {}) })
    const changes = makePlan([other], byLabel(existing("a")))
    assert.deepEqual(changes.map(describeChange), ["a replace type"])
    const text = linesToWrite(formatPlan(changes.map(plannedResult)), false).join("\n")
    assert.include(text, "it is a Test::Other::Thing now  forces replacement")
    assert.notInclude(text, "target")
  })

  it("replaces what refers to a new resource by a create-only property, and updates what does so otherwise", () => {
    const bound = { Name: refersTo("a") }
    const loose = { Tags: [refersTo("a")] }
    const wants = [
      wanted("a", { Name: "new" }),
      wanted("b", bound),
      wanted("c", loose),
      wanted("d", { Name: refersTo("b") }),
    ]
    const others = [
      existing("b", bound, { Name: "id-a" }),
      existing("c", loose, { Tags: ["id-a"] }),
      existing("d", { Name: refersTo("b") }, { Name: "id-b" }),
    ]
    assert.deepEqual(plan(wants, existing("a", { Name: "old" }), ...others), [
      "a replace Name",
      "b replace Name",
      "c update Tags",
      "d replace Name",
    ])
    // Deleted elsewhere, which is the same for what refers to it.
    assert.deepEqual(plan(wants, notRead(existing("a", { Name: "new" })), ...others), [
      "a create",
      "b replace Name",
      "c update Tags",
      "d replace Name",
    ])
  })

  it("leaves a resource alone that is only reached differently from before", () => {
    const row = { ...existing("a").row, targetConfig: { region: "here", profile: "old" } }
    const found = existing("a", {}, {}, { row })
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { region: "here", profile: "new" } })], found), ["a noop"])
  })

  it("replaces what has another type or target, regardless of the order of keys", () => {
    const other = capable("Suite::Of::Other", { Size: [] })
    assert.deepEqual(plan([wanted("a", {}, { capabilities: other })], existing("a")), ["a replace type"])
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { region: "there" } })], existing("a")), [
      "a replace target",
    ])
    const row = existing("a").row
    const found = existing("a", {}, {}, { row: { ...row, targetConfig: { one: 1, two: { three: 3, four: 4 } } } })
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { two: { four: 4, three: 3 }, one: 1 } })], found), [
      "a noop",
    ])
  })
})

describe("a change of a plan", () => {
  it("does nothing to what could not be read, and to what refers to it directly or indirectly", () => {
    const unreadable = { code: "AccessDenied", message: "no" }
    const changes = makePlan(
      [
        wanted("a", { Name: "new" }),
        wanted("b", { Name: refersTo("a") }),
        wanted("c", { Size: refersTo("b") }),
        wanted("d", { Size: refersTo("a") }),
        wanted("e", { Size: 2 }),
      ],
      byLabel(
        { ...notRead(existing("a", { Name: "old" })), unreadable },
        existing("b", { Name: refersTo("a") }, { Name: "id-a" }),
        existing("c", { Size: refersTo("b") }, { Size: "id-b" }),
        existing("e", { Size: 1 }),
      ),
    )
    assert.deepEqual(changes.map(describeChange), [
      "a noop (AccessDenied)",
      "b noop (DependencyFailure)",
      "c noop (DependencyFailure)",
      "d create (DependencyFailure)",
      "e update Size",
    ])
    assert.strictEqual(changes[1]?.blocked?.message, "it needs a, whose state is not known now")
    assert.strictEqual(changes[1]?.nativeId, "id-b")
  })

  it("depends on what the resource refers to now, or for a delete on what it referred to when it was last applied", () => {
    const changes = makePlan(
      [wanted("a"), wanted("b", { Size: refersTo("a") })],
      byLabel(existing("b", { Size: refersTo("old") }), existing("old"), existing("older", { Size: refersTo("old") })),
    )
    assert.deepEqual(
      changes.map(({ dependsOn, label }) => [label, dependsOn]),
      [
        ["a", []],
        ["b", ["a"]],
        ["old", []],
        ["older", ["old"]],
      ],
    )
  })

  it("replaces a resource because of a reference at a nested place only if that place cannot be changed", () => {
    const capabilities = {
      ...thing,
      paths: { "/Options/Zone": { createOnly: true }, "/List/*/Kind": { createOnly: true } },
    }
    const planOf = (properties: Properties, resolved: Properties) =>
      makePlan(
        [wanted("a", { Name: "new" }), wanted("b", properties, { capabilities })],
        byLabel(existing("a", { Name: "old" }), existing("b", properties, resolved)),
      )
        .slice(1)
        .map(({ changed, forcedBy = [], operation }) => [operation, ...changed, ...forcedBy].join(" "))

    const zone = { Options: { Zone: refersTo("a"), Speed: 1 } }
    assert.deepEqual(planOf(zone, { Options: { Zone: "id-a", Speed: 1 } }), ["replace Options /Options/Zone"])
    const kind = { List: [{ Kind: refersTo("a") }] }
    assert.deepEqual(planOf(kind, { List: [{ Kind: "id-a" }] }), ["replace List /List/0/Kind"])
    const speed = { Options: { Zone: "z", Speed: refersTo("a") } }
    assert.deepEqual(planOf(speed, { Options: { Zone: "z", Speed: "id-a" } }), ["update Options"])
    assert.deepEqual(planOf(speed, { Options: { Zone: "y", Speed: "id-a" } }), ["replace Options /Options/Zone"])
    assert.deepEqual(planOf(speed, {}), ["update Options"])
  })

  it("takes what the provider has at an ignored place as it is, although it looks like a reference", () => {
    const found = { Options: { Of: { $ref: "nobody.Id" } }, Size: 1 }
    const { resource, ...more } = wanted("a", { Size: 2, Options: {} })
    const [change] = makePlan(
      [{ ...more, resource: { ...resource, ignore: ["Options"] } }],
      byLabel(existing("a", { Size: 1, Options: {} }, undefined, { actual: found })),
    )
    assert.deepEqual(change?.compared, { Size: 2, Options: found.Options })
  })

  it("shows no properties in its summary", () => {
    const [change] = makePlan(
      [wanted("a", { Secret: "canary" })],
      byLabel(existing("a", { Secret: "canary-before" }, undefined, { actual: {} })),
    )
    assert.deepEqual(change && summaryOf(change), {
      label: "a",
      type: wanted("a").resource.type,
      operation: "update",
      changed: ["Secret"],
      nativeId: existing("a").row.nativeId,
    })
  })
})

describe("the plan of a destroy", () => {
  it("deletes everything", () => {
    assert.deepEqual(makeDestroyPlan([existing("a"), existing("b", { Size: refersTo("a") })]).map(describeChange), [
      "a delete",
      "b delete",
    ])
  })
})
