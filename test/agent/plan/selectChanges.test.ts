import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Change } from "../../../src/agent/plan/Change.ts"
import { selectChanges } from "../../../src/agent/plan/selectChanges.ts"
import { orderSteps } from "../../../src/agent/plan/StepOrder.ts"
import { change, plans } from "./changes.ts"

const selected = (changes: ReadonlyArray<Change>, ...labels: ReadonlyArray<string>) =>
  Result.match(selectChanges(changes, labels), {
    onFailure: (reason): unknown => reason,
    onSuccess: ({ changes: some }) => some.map(({ label }) => label),
  })

describe("the changes of some labels", () => {
  it("are those of what they need too, and of what a replacement forces", () => {
    const changes = [
      change("noop", "a"),
      change("replace", "b", ["a"]),
      change("update", "c", ["b"]),
      change("noop", "d", ["b"]),
      change("replace", "e", ["b"]),
      change("update", "f", ["e"]),
      change("create", "g", ["b"]),
    ]
    assert.deepEqual(selected(changes, "b"), ["a", "b", "c", "e", "f"])
    assert.deepEqual(selected(changes, "a"), ["a"])
    assert.deepEqual(selected(changes, "d"), ["a", "b", "c", "d", "e", "f"])
    assert.deepEqual(selected(changes, "nobody"), [])
  })

  it("have a deletion only where its label was chosen, and not before what depends on it", () => {
    const changes = [
      change("noop", "b", [], ["a"]),
      change("update", "c", [], ["a"]),
      change("delete", "a"),
      change("delete", "d", ["a"]),
    ]
    const needed = (...by: ReadonlyArray<string>) => ({ _tag: "StillNeeded", label: "a", operation: "delete", by })
    assert.deepEqual(selected(changes, "c"), ["c"])
    assert.deepEqual(selected(changes, "a"), needed("c", "d"))
    assert.deepEqual(selected(changes, "a", "c"), needed("d"))
    assert.deepEqual(selected(changes, "a", "c", "d"), ["c", "a", "d"])
  })
})

const chosen = Arbitrary.schema(Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 11 }))))

describe("the changes of any labels", () => {
  it.prop("wait for no step that was not chosen", [plans, chosen], ([changes, numbers]) => {
    const labels = numbers.map((one) => `r${one}`)
    const selection = selectChanges(changes, labels)
    if (selection._tag === "Failure") return
    const all = new Map(orderSteps(changes).map((step) => [step.id, step]))
    const steps = orderSteps(selection.success.changes)
    const ids = new Set(steps.map(({ id }) => id))
    for (const { id } of steps) {
      for (const earlier of all.get(id)?.after ?? []) {
        const isDone = all.get(earlier)?.change.operation === "noop"
        assert.isTrue(ids.has(earlier) || isDone, `${id} waits for ${earlier}`)
      }
    }
    for (const { label, operation } of selection.success.changes) {
      assert.isTrue(operation !== "delete" || labels.includes(label), `${label} is deleted and was not chosen`)
    }
  })
})
