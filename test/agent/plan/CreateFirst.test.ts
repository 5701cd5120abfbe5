import { assert, describe, it } from "@effect/vitest"
import { createFirstIssues, replacedFirst, withCreateFirst } from "../../../src/agent/plan/CreateFirst.ts"
import { deletionOf, makePlan } from "../../../src/agent/plan/Plan.ts"
import { replacedLabelOf } from "../../../src/agent/plan/ReplacedLabel.ts"
import { takeBack } from "../../../src/agent/plan/TakenBack.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, wanted } from "./planned.ts"

const type = {
  ...thing,
  ...capable(thing.type, { Name: ["required", "createOnly"], Kind: ["createOnly"], Id: ["output"] }),
}
const naming = { property: "Name", letters: "lower", separator: "-", maxLength: 63 } as const

const planOf = (properties: Properties, capabilities: TypeCapabilities, nativeId?: string) => {
  const known = nativeId === undefined ? {} : { nativeId: NativeId.make(nativeId) }
  const one = wanted("a", properties, { capabilities, ...known })
  const asked = { ...one, resource: { ...one.resource, replace: "createFirst" as const } }
  const changes = makePlan([asked], byLabel(existing("a", { Name: "x", Kind: "one" })))
  return { changes, issues: createFirstIssues([asked.resource], changes).map(({ path }) => path.join(".")) }
}

describe("a replacement that creates first", () => {
  it.for([
    ["whose name stays", { Name: "x", Kind: "two" }, { ...type, naming }, true],
    ["whose name changes", { Name: "y", Kind: "two" }, { ...type, naming }, false],
    ["whose name is made", { Kind: "two" }, { ...type, naming }, false],
    ["whose native id follows from what stays", { Name: "x", Kind: "two" }, type, true],
    ["whose native id the provider chooses", { Name: "x", Kind: "two" }, { ...type, idempotency: "token" }, false],
    [
      "whose native id the provider chooses, and whose name stays",
      { Name: "x", Kind: "two" },
      { ...type, naming, idempotency: "token" },
      false,
    ],
    ["whose name stays, in another parent", { Name: "x", Kind: "two" }, { ...type, naming }, false, "two/x"],
    ["whose name is another, of the same thing", { Name: "y", Kind: "two" }, { ...type, naming }, true, "id-a"],
    ["that is an update", { Name: "x", Kind: "one" }, { ...type, naming }, false],
  ] as const)("%s", ([, properties, capabilities, isRefused, nativeId]) => {
    assert.deepEqual(planOf(properties, capabilities, nativeId).issues, isRefused ? ["resources.0.replace"] : [])
  })

  it("is what replaces a resource that is retained, and is refused where both would have one name", () => {
    const planned = (properties: Properties) => {
      const one = wanted("a", properties, { capabilities: { ...type, naming } })
      const asked = { ...one, resource: { ...one.resource, onRemove: "retain" as const } }
      const changes = makePlan([asked], byLabel(existing("a", { Name: "x", Kind: "one" })))
      const all = withCreateFirst(changes, replacedFirst(changes).map(deletionOf))
      const issues = createFirstIssues([asked.resource], changes).map(({ message, path }) => ({ message, path }))
      return { operations: all.map(({ label, operation }) => `${label} ${operation}`), issues }
    }
    assert.deepEqual(planned({ Name: "y" }), { operations: ["a create", "a (replaced) forget"], issues: [] })
    const message =
      "it has to be replaced, and Name stays the same, so the new one cannot be created while the old one is retained: leave out Name, so that a name is made, or take retain out"
    assert.deepEqual(planned({ Name: "x", Kind: "two" }).issues, [{ path: ["resources", 0, "onRemove"], message }])
  })

  it("is no rename of its own old half, and the lists of others are still shared", () => {
    const capabilities = { ...type, naming, idempotency: "name" } as const
    const one = wanted("a", { Name: "y" }, { capabilities })
    const changes = makePlan(
      [
        { ...one, resource: { ...one.resource, replace: "createFirst" as const } },
        wanted("b", { Name: "b" }, { capabilities }),
        wanted("c", { Name: "c" }, { capabilities }),
      ],
      byLabel(existing("a", { Name: "x", Kind: "one" }), existing("gone", { Name: "gone" })),
    )
    const all = withCreateFirst(changes, replacedFirst(changes).map(deletionOf))
    const unwantedOf = (label: string) => all.find((change) => change.label === label)?.unwanted
    assert.deepEqual(unwantedOf("a"), ["gone"])
    assert.deepEqual(unwantedOf("b")?.toSorted(), ["a (replaced)", "gone"])
    assert.strictEqual(unwantedOf("b"), unwantedOf("c"))
  })

  it("gives the old one a label that no document can have, and no other has", () => {
    const { changes } = planOf({ Kind: "two" }, { ...type, naming })
    const left = { ...changes[0]!, label: "a (replaced)", operation: "delete" as const }
    const labels = (of: typeof changes) => replacedFirst(of).map(({ movedFrom, row }) => [row.label, movedFrom])
    assert.deepEqual(labels(changes), [["a (replaced)", "a"]])
    assert.deepEqual(labels([...changes, left]), [["a (replaced 2)", "a"]])
    const last = { ...left, label: "a (replaced 2)" }
    assert.deepEqual(labels([...changes, last]), [["a (replaced 3)", "a"]], "the last one has the highest number")
    assert.deepEqual(["a (replaced)", "a (replaced 2)", "a"].map(replacedLabelOf), ["a", "a", undefined])
  })

  it("is taken back where it has created nothing, the last one of several", () => {
    const rowOf = (label: string, ...dependsOn: ReadonlyArray<string>) => ({ ...existing(label).row, dependsOn })
    const taken = (labels: ReadonlyArray<string>, ...open: ReadonlyArray<string>) => {
      const { rows, stored } = takeBack([...labels.map((label) => rowOf(label)), rowOf("b", ...labels)], new Set(open))
      return { labels: rows.map(({ label }) => label), refers: rows.at(-1)?.dependsOn, stored: [...stored] }
    }
    const asItIs = (...labels: ReadonlyArray<string>) => ({ labels: [...labels, "b"], refers: labels, stored: [] })
    assert.deepEqual(taken(["a (replaced)"]), {
      labels: ["a", "b"],
      refers: ["a"],
      stored: [["a", "a (replaced)"]],
    })
    assert.deepEqual(taken(["a (replaced 10)", "a (replaced 9)"]), {
      labels: ["a", "a (replaced 9)", "b"],
      refers: ["a", "a (replaced 9)"],
      stored: [["a", "a (replaced 10)"]],
    })
    assert.deepEqual(taken(["a", "a (replaced)"]), asItIs("a", "a (replaced)"))
    assert.deepEqual(taken(["a (replaced)"], "a"), asItIs("a (replaced)"), "its create may still succeed")
    assert.deepEqual(taken(["a (replaced)"], "a (replaced)"), asItIs("a (replaced)"))
  })
})
