import { assert, describe, it } from "@effect/vitest"
import {
  createFirstIssues,
  replacedFirst,
  replacedLabelOf,
  withCreateFirst,
} from "../../../src/agent/plan/CreateFirst.ts"
import { deletionOf, makePlan } from "../../../src/agent/plan/Plan.ts"
import type { Properties, TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, wanted } from "./planned.ts"

const type = {
  ...thing,
  ...capable(thing.type, { Name: ["required", "createOnly"], Kind: ["createOnly"], Id: ["output"] }),
}
const naming = { property: "Name", letters: "lower", separator: "-", maxLength: 63 } as const

const planOf = (properties: Properties, capabilities: TypeCapabilities) => {
  const one = wanted("a", properties, { capabilities })
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
    ["that is an update", { Name: "x", Kind: "one" }, { ...type, naming }, false],
  ] as const)("%s", ([, properties, capabilities, isRefused]) => {
    assert.deepEqual(planOf(properties, capabilities).issues, isRefused ? ["resources.0.replace"] : [])
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
    assert.deepEqual(["a (replaced)", "a (replaced 2)", "a"].map(replacedLabelOf), ["a", "a", undefined])
  })
})
