import { assert, describe, it } from "@effect/vitest"
import { type Change, type ExistingResource, summaryOf, type WantedResource } from "../../../src/agent/plan/Change.ts"
import { makeDestroyPlan, makePlan } from "../../../src/agent/plan/Plan.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, notRead, wanted } from "./planned.ts"

const describeChange = ({ blocked, changed, label, operation }: Change) =>
  [label, operation, ...changed, ...(blocked === undefined ? [] : [`(${blocked.code})`])].join(" ")

const plan = (wants: ReadonlyArray<WantedResource>, ...found: ReadonlyArray<ExistingResource>) =>
  makePlan(wants, byLabel(...found)).map(describeChange)

const refersTo = (label: string, property = "Id") => ({ $ref: `${label}.${property}` })

describe("a plan", () => {
  it("creates what does not exist, changes what differs, deletes what nobody wants, and leaves the rest", () => {
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

  it("knows what a reference stands for as long as its resource stays", () => {
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

  it("takes the whole config of a target for where a resource is, where its plugin does not say what of it is", () => {
    const capabilities = { ...thing, targetIdentity: [] }
    const at = (targetConfig: WantedResource["targetConfig"]) =>
      plan([wanted("a", { Size: 1 }, { capabilities, targetConfig })], existing("a", { Size: 1 }))
    assert.deepEqual(at({ region: "here" }), ["a noop"])
    assert.deepEqual(at({ region: "there" }), ["a replace target"])
    assert.deepEqual(at({ region: "here", zone: 1 }), ["a replace target"])
    assert.deepEqual(at({}), ["a replace target"])
  })

  it("takes what an update is about to change for unknown", () => {
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

  it("replaces what is bound for good to something that is made anew, and updates what is not", () => {
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
    // Deleted elsewhere, which comes to the same for what refers to it.
    assert.deepEqual(plan(wants, notRead(existing("a", { Name: "new" })), ...others), [
      "a create",
      "b replace Name",
      "c update Tags",
      "d replace Name",
    ])
  })

  it("leaves a resource alone that is only reached otherwise than before", () => {
    const row = { ...existing("a").row, targetConfig: { region: "here", profile: "old" } }
    const found = existing("a", {}, {}, { row })
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { region: "here", profile: "new" } })], found), ["a noop"])
  })

  it("replaces what has another type, or another target, whatever the order of its keys", () => {
    const other = capable("Suite::Of::Other", { Size: [] })
    assert.deepEqual(plan([wanted("a", {}, { capabilities: other })], existing("a")), ["a replace target"])
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { region: "there" } })], existing("a")), [
      "a replace target",
    ])
    const row = existing("a").row
    const found = existing("a", {}, {}, { row: { ...row, targetConfig: { one: 1, two: { three: 3, four: 4 } } } })
    assert.deepEqual(plan([wanted("a", {}, { targetConfig: { two: { four: 4, three: 3 }, one: 1 } })], found), [
      "a noop",
    ])
  })

  it("leaves alone what could not be read, and what refers to it, directly or not", () => {
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
    assert.strictEqual(changes[1]?.blocked?.message, "it refers to a, whose state is not known now")
    assert.strictEqual(changes[1]?.nativeId, "id-b")
  })

  it("says what each change depends on: by the forma, and for a delete by what was applied", () => {
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

  it("tells nothing of the properties in the summary of a change", () => {
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
  it("deletes all there is", () => {
    assert.deepEqual(makeDestroyPlan([existing("a"), existing("b", { Size: refersTo("a") })]).map(describeChange), [
      "a delete",
      "b delete",
    ])
  })
})
