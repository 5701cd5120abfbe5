import { assert, describe, it } from "@effect/vitest"
import type { ExistingResource, WantedResource } from "../../../src/agent/plan/Change.ts"
import { movedRemarks } from "../../../src/agent/plan/movedRemarks.ts"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import type { TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { thing } from "./capabilities.ts"
import { byLabel, existing, wanted } from "./planned.ts"

/** The provider chooses the native id. */
const numbered: TypeCapabilities = { ...thing, idempotency: "token" }
/** The agent makes a name where there is none. */
const nameable: TypeCapabilities = {
  ...thing,
  naming: { property: "Name", letters: "lower", separator: "-", maxLength: 40 },
}

const suggested = (wants: ReadonlyArray<WantedResource>, exist: ReadonlyArray<ExistingResource>) =>
  movedRemarks(
    wants.map(({ resource }) => resource),
    makePlan(wants, byLabel(...exist)),
  ).map(({ message, path }) => `${path.join(".")} ${/moved: (.*), and/.exec(message)?.[1]}`)

const want = (label: string, properties: WantedResource["resource"]["properties"], capabilities = numbered) =>
  wanted(label, properties, { capabilities })

const same = { Name: "n", Size: 1, Options: { a: [1] } }

describe("a create beside a delete of the same type", () => {
  it("is probably a rename where the properties are the same, or all but one", () => {
    const [exact, near] = [existing("old", same), existing("near", { ...same, Size: 2 })]
    assert.deepEqual(suggested([want("now", same)], [exact]), ["resources.0.label [{ from: old, to: now }]"])
    assert.deepEqual(suggested([want("now", { ...same, Size: 3 })], [exact]), [
      "resources.0.label [{ from: old, to: now }]",
    ])
    assert.deepEqual(suggested([want("other", { ...same, Size: 3 }), want("now", same)], [near, exact]), [
      "resources.1.label [{ from: old, to: now }]",
      "resources.0.label [{ from: near, to: other }]",
    ])
    const [{ message } = { message: "" }] = movedRemarks(
      [want("now", same).resource],
      makePlan([want("now", same)], byLabel(exact)),
    )
    assert.strictEqual(
      message,
      "now would be created, and old, a Suite::Of::Thing with the same properties, would be deleted; if it is the same resource with a new label, write moved: [{ from: old, to: now }], and it stays",
    )
  })

  it("is one where the name is made, and where a reference is known only later", () => {
    const made = existing("old", { Size: 1, Name: "forma-old-x1" })
    assert.deepEqual(suggested([want("now", { Size: 1 }, nameable)], [made]), [
      "resources.0.label [{ from: old, to: now }]",
    ])
    const child = existing("child", { Options: "id-net", Size: 1 })
    assert.deepEqual(
      suggested([want("network", same), want("part", { Options: { $ref: "network.Id" }, Size: 1 })], [child]),
      ["resources.1.label [{ from: child, to: part }]"],
    )
  })

  it("is none where moved would not help, or something else explains it", () => {
    const old = existing("old", same)
    const none = (wants: ReadonlyArray<WantedResource>, exist: ReadonlyArray<ExistingResource> = [old]) =>
      assert.deepEqual(suggested(wants, exist), [])
    // A name that is stated is found by itself, and another one is another thing.
    none([want("now", same, thing)])
    none([want("now", { ...same, Name: "other" })])
    none([want("now", { Name: "n", Size: 7, Options: { b: 1 } })])
    none([want("now", { Size: 2 })], [existing("old", { Size: 1 })])
    none([want("old", same), want("now", same)])
    none([wanted("now", same, { capabilities: numbered, targetConfig: { region: "there" } })])
    none([want("now", same)], [{ ...old, row: { ...old.row, label: "net (replaced)" } }])
    none([want("now", same)], [{ ...old, row: { ...old.row, care: { retain: true } } }])
    none([want("now", { Secret: "x", Size: 2 })], [existing("old", { Secret: "x", Size: 1 })])
  })
})
