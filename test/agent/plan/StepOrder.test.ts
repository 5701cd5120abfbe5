import { assert, describe, it } from "@effect/vitest"
import type { Change } from "../../../src/agent/plan/Change.ts"
import { orderSteps, requiredCircles, type Step } from "../../../src/agent/plan/StepOrder.ts"
import { change, plans } from "./changes.ts"

const waits = (...changes: ReadonlyArray<Change>) =>
  Object.fromEntries(orderSteps(changes).map((step) => [step.id, waitedFor(step).toSorted()]))

const waitedFor = ({ after, afterShared }: Step): ReadonlyArray<string> => [
  ...new Set([...after, ...afterShared.flat()]),
]

/** The steps that must be done before each step, directly or indirectly. Undefined if a step is before itself. */
const allBefore = (steps: ReadonlyArray<Step>): ReadonlyMap<string, ReadonlySet<string>> | undefined => {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const known = new Map<string, Set<string>>()
  const visit = (id: string, path: ReadonlyArray<string>): Set<string> | undefined => {
    if (path.includes(id)) return undefined
    const done = known.get(id)
    if (done !== undefined) return done
    const before = new Set<string>()
    const step = byId.get(id)
    for (const earlier of step === undefined ? [] : waitedFor(step)) {
      const further = visit(earlier, [...path, id])
      if (further === undefined) return undefined
      before.add(earlier)
      for (const one of further) before.add(one)
    }
    known.set(id, before)
    return before
  }
  return steps.every(({ id }) => visit(id, []) !== undefined) ? known : undefined
}

describe("the steps of a plan", () => {
  it("ensure each resource after those that it refers to", () => {
    assert.deepEqual(waits(change("create", "a"), change("update", "b", ["a"]), change("noop", "c", ["a", "b"])), {
      "ensure:a": [],
      "ensure:b": ["ensure:a"],
      "ensure:c": ["ensure:a", "ensure:b"],
    })
  })

  it("remove each resource after those that referred to it", () => {
    assert.deepEqual(waits(change("delete", "a"), change("delete", "b", ["a"]), change("delete", "c", ["a", "b"])), {
      "remove:a": ["remove:b", "remove:c"],
      "remove:b": ["remove:c"],
      "remove:c": [],
    })
  })

  it("replace a resource by removing it before ensuring it, and what depends on it around that", () => {
    assert.deepEqual(waits(change("replace", "a"), change("replace", "b", ["a"]), change("update", "c", ["a"])), {
      "remove:a": ["remove:b"],
      "ensure:a": ["remove:a"],
      "remove:b": [],
      "ensure:b": ["ensure:a", "remove:b"],
      "ensure:c": ["ensure:a"],
    })
  })

  it("keep the old half of a replace until what the new half needs exists", () => {
    assert.deepEqual(waits(change("create", "a"), change("replace", "b", ["a"], [])), {
      "ensure:a": [],
      "remove:b": ["ensure:a"],
      "ensure:b": ["ensure:a", "remove:b"],
    })
  })

  it("delete a resource only after those that stay no longer refer to it", () => {
    assert.deepEqual(waits(change("update", "a", [], ["b"]), change("delete", "b")), {
      "ensure:a": [],
      "remove:b": ["ensure:a"],
    })
  })

  it("delete a resource only after a create that may turn out to be the same thing", () => {
    const create = { ...change("create", "b"), unwanted: ["a"] }
    assert.deepEqual(waits(create, change("delete", "a")), { "ensure:b": [], "remove:a": ["ensure:b"] })
    // Unless the create needs what is deleted to be gone: a depends on c, which is replaced, and b needs the new one.
    const around = [
      { ...change("create", "b", ["c"]), unwanted: ["a"] },
      change("replace", "c"),
      change("delete", "a", ["c"]),
    ]
    assert.isDefined(allBefore(orderSteps(around)))
  })

  it("drop such waiting only where it would make a circle", () => {
    // `gone` referred to `again`, so `again` waits for it; `stays` referred to `gone`, and refers to `again` now.
    const steps = waits(
      change("delete", "gone", [], ["again"]),
      change("replace", "again"),
      change("update", "stays", ["again"], ["gone"]),
      change("delete", "elsewhere"),
      change("update", "free", [], ["elsewhere"]),
    )
    assert.deepEqual(steps, {
      "remove:gone": [],
      "remove:again": ["remove:gone"],
      "ensure:again": ["remove:again"],
      "ensure:stays": ["ensure:again"],
      "remove:elsewhere": ["ensure:free"],
      "ensure:free": [],
    })
  })
})

/** What is created or replaced may be any of what is deleted or replaced. `listOf` gives each its list. */
const withUnwanted = (
  changes: ReadonlyArray<Change>,
  listOf: (labels: ReadonlyArray<string>) => ReadonlyArray<string>,
): ReadonlyArray<Change> => {
  const labels = changes.flatMap(({ label, operation }) =>
    operation === "delete" || operation === "replace" ? [label] : [],
  )
  return changes.map((one) =>
    one.operation === "create" || one.operation === "replace" ? { ...one, unwanted: listOf(labels) } : one,
  )
}

describe("the steps of any plan", () => {
  it.prop("wait for the same where they share a list as where each has its own", [plans], ([changes]) => {
    const shared = withUnwanted(changes, (labels) => labels)
    assert.deepEqual(waits(...shared), waits(...withUnwanted(changes, (labels) => [...labels])))
    assert.isDefined(allBefore(orderSteps(shared)))
  })

  it("that may all be each other's renames are as many as the changes, not as their pairs", () => {
    const count = 2_000
    const old = Array.from({ length: count }, (_, index) => `old-${index}`)
    const changes = [
      ...old.map((label) => change("delete", label)),
      ...old.map((label) => ({ ...change("create", `new-${label}`), unwanted: old })),
    ]
    const steps = orderSteps(changes)
    assert.lengthOf(steps, 2 * count)
    const lists = new Set(steps.flatMap(({ afterShared }) => afterShared))
    assert.deepEqual(
      [...lists].map(({ length }) => length),
      [count],
    )
    assert.isTrue(steps.every(({ after }) => after.length === 0))
  })

  it.prop("never wait in a circle, and each waits for everything that it needs", [plans], ([changes]) => {
    const steps = orderSteps(changes)
    const before = allBefore(steps)
    assert.isDefined(before)
    const ids = new Set(steps.map(({ id }) => id))
    const isBefore = (earlier: string, later: string) => {
      if (ids.has(earlier) && ids.has(later)) assert.isTrue(before?.get(later)?.has(earlier), `${earlier} < ${later}`)
    }
    for (const { dependsOn, existing: found, label, operation } of changes) {
      assert.strictEqual(ids.has(`ensure:${label}`), operation !== "delete")
      assert.strictEqual(ids.has(`remove:${label}`), operation === "delete" || operation === "replace")
      if (operation === "replace") isBefore(`remove:${label}`, `ensure:${label}`)
      for (const needed of dependsOn) if (operation !== "delete") isBefore(`ensure:${needed}`, `ensure:${label}`)
      for (const needed of found?.row.dependsOn ?? []) isBefore(`remove:${label}`, `remove:${needed}`)
    }
  })

  it.prop("create first what they can, and name the circle where they cannot", [plans], ([changes]) => {
    const replaced = new Set(changes.filter(({ operation }) => operation === "replace").map(({ label }) => label))
    const first = [...replaced].filter((_, index) => index % 2 === 0)
    const oldOf = (label: string) => (first.includes(label) ? `${label} (replaced)` : label)
    const all = changes.flatMap((one): ReadonlyArray<Change> => {
      // What is needed now was needed before: only then there are circles.
      const before = one.operation === "delete" ? [] : one.dependsOn.map(oldOf)
      if (first.includes(one.label)) {
        return [change("create", one.label, one.dependsOn), change("delete", oldOf(one.label), [], before)]
      }
      return [change(one.operation, one.label, one.dependsOn, before)]
    })
    const before = allBefore(orderSteps(all))
    const inCircles = requiredCircles(all).map((steps) => steps.map(({ id }) => id))
    assert.strictEqual(before === undefined, inCircles.length > 0)
    for (const ids of inCircles) {
      assert.isTrue(first.some((label) => ids.includes(`ensure:${label}`) && ids.includes(`remove:${oldOf(label)}`)))
      assert.isTrue([...replaced].some((label) => !first.includes(label) && ids.includes(`remove:${label}`)))
    }
    if (before === undefined) return
    for (const label of first) assert.isTrue(before.get(`remove:${oldOf(label)}`)?.has(`ensure:${label}`), label)
  })
})
