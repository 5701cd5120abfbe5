import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { unmovable } from "../../../src/agent/plan/Owners.ts"
import { assignRows, type AssignmentInput } from "../../../src/agent/plan/RowAssignment.ts"
import type { InventoryRow } from "../../../src/agent/records/Inventory.ts"
import { NativeId, ResourceType } from "../../../src/protocol/Identity.ts"

const type = ResourceType.make("Suite::Of::Thing")
const other = ResourceType.make("Suite::Of::Other")

/** `a=x` is a row with the label a for the thing x. */
const row = (text: string, more: Partial<InventoryRow> = {}): InventoryRow => {
  const [label = "", thing = ""] = text.split("=")
  return {
    forma: "shop",
    label,
    type,
    target: "here",
    targetConfig: {},
    place: "here",
    nativeId: NativeId.make(thing),
    desired: {},
    actual: {},
    dependsOn: [],
    ...more,
  }
}

/** `a=x` wants the thing x under the label a; `a` does not say which. */
const want = (text: string) => {
  const [label = "", thing] = text.split("=")
  return { label, type, identity: { place: "here", ...(thing && { nativeId: NativeId.make(thing) }) } }
}

/** Rows after the assignment, as `label=thing<old label`. */
const assigned = (
  rows: ReadonlyArray<InventoryRow>,
  wanted: ReadonlyArray<string>,
  more: Partial<AssignmentInput> = {},
) => {
  const { held, rows: found } = assignRows({ rows, wanted: wanted.map(want), moved: [], open: new Set(), ...more })
  const lines = [...found].map(
    ([label, { movedFrom, row }]) => `${label}=${row.nativeId}${movedFrom === undefined ? "" : `<${movedFrom}`}`,
  )
  return [...lines.toSorted(), ...[...held].map(([label, by]) => `${label} waits for ${by}`).toSorted()].join(" ")
}

describe("the rows of a forma", () => {
  it.each([
    ["keep their labels", ["a=x", "b=y"], ["a=x", "b=y"], "a=x b=y"],
    ["keep their labels where the things are not known", ["a=x"], ["a"], "a=x"],
    ["follow a renamed label", ["a=x"], ["b=x"], "b=x<a"],
    ["change places with the labels", ["a=x", "b=y"], ["a=y", "b=x"], "a=y<b b=x<a"],
    ["go round in a circle with the labels", ["a=x", "b=y", "c=z"], ["a=y", "b=z", "c=x"], "a=y<b b=z<c c=x<a"],
    ["make room: the one that is no longer wanted gets the label that is free", ["a=x", "b=y"], ["a=y"], "a=y<b b=x<a"],
    ["make room for a label that wants something new", ["a=x", "b=y"], ["a=y", "b=z"], "a=y<b b=x<a"],
    ["make room along a chain", ["a=x", "b=y", "c=z"], ["a=y", "b=z"], "a=y<b b=z<c c=x<a"],
    ["stay unwanted under their own labels", ["a=x", "b=y"], ["c=z"], "a=x b=y"],
    ["stay when a label changes its thing and no other has it", ["a=x"], ["a=y"], "a=x"],
  ])("%s", (_, rows, wanted, expected) => {
    assert.strictEqual(
      assigned(
        rows.map((text) => row(text)),
        wanted,
      ),
      expected,
    )
  })

  it.each([
    ["in another place", row("a=x", { place: "there" }), "a=x"],
    ["whose place is not known", row("a=x", { place: null }), "a=x"],
    ["of another type", row("a=x", { type: other }), "a=x"],
  ])("do not follow a label if they are %s", (_, one, expected) => {
    assert.strictEqual(assigned([one], ["b=x"]), expected)
  })

  it("follow the moves that the document states, once", () => {
    const moved = [{ from: "a", to: "b" }]
    assert.strictEqual(assigned([row("a=x")], ["b"], { moved }), "b=x<a")
    assert.strictEqual(assigned([row("b=x")], ["b"], { moved }), "b=x")
    assert.strictEqual(assigned([row("a=x"), row("b=y")], ["b"], { moved }), "a=x b=y")
  })

  it("stay where an operation is open", () => {
    const open = new Set(["a"])
    assert.strictEqual(assigned([row("a=x")], ["b=x"], { open }), "a=x b waits for a")
    assert.strictEqual(assigned([row("a=x"), row("b=y")], ["a=y", "b=x"], { open }), "a=x b=y b waits for a")
  })

  it.each([
    ["it takes a label that another row has", ["a=x", "b=y"], ["a=y", "b=x"], "c", "a=y<b b=x<a"],
    ["an open create has the label", ["b=y"], ["a=y"], "a", "b=y b waits for a"],
    [
      "an open create has the label, and theirs is wanted for another thing",
      ["b=y"],
      ["a=y", "b=x"],
      "a",
      "b=y b waits for a",
    ],
    ["one of a chain cannot", ["b=y", "c=z"], ["a=y", "b=z"], "a", "b=y c=z b waits for a c waits for a"],
  ])("are renamed as far as no label waits: %s", (_, rows, wanted, open, expected) => {
    const found = assigned(
      rows.map((text) => row(text)),
      wanted,
      { open: new Set([open]) },
    )
    assert.strictEqual(found, expected)
  })

  it("do not follow a stated move from or to a label with an open operation", () => {
    const moved = [{ from: "a", to: "b" }]
    assert.strictEqual(assigned([row("a=x")], ["b"], { moved, open: new Set(["a"]) }), "a=x b waits for a")
    assert.strictEqual(assigned([row("a=x")], ["b"], { moved, open: new Set(["b"]) }), "a=x a waits for b")
    // The operation is a create that has made nothing that is known.
    assert.strictEqual(assigned([], ["b"], { moved, open: new Set(["a"]) }), "b waits for a")
  })

  it("of two for one thing, the one under the wanted label is meant", () => {
    assert.strictEqual(assigned([row("a=x"), row("b=x")], ["b=x"]), "a=x b=x")
    // The other one stays where it is, if it is wanted there too.
    assert.strictEqual(assigned([row("a=x"), row("b=x")], ["c=x", "a=x"]), "a=x c=x<b")
  })

  const Label = Schema.Literals(["a", "b", "c", "d"])
  const Pairs = Arbitrary.array(Arbitrary.schema(Schema.Tuple([Label, Schema.Literals(["w", "x", "y", "z"])])), {
    maxLength: 6,
  })

  it.prop(
    "are all assigned, each to one label, and what is wanted has the label that wants it",
    [Pairs, Pairs, Arbitrary.array(Arbitrary.schema(Label), { maxLength: 2 })],
    ([before, after, open]) => {
      const openLabels: ReadonlySet<string> = new Set(open)
      const rows = [...new Map(before)].map((pair) => row(pair.join("=")))
      const wanted = [...new Map(after)].map((pair) => want(pair.join("=")))
      const { held, rows: found } = assignRows({ rows, wanted, moved: [], open: openLabels })
      assert.sameMembers(
        [...found.values()].map((one) => one.row),
        rows,
      )
      for (const [label, { movedFrom, row: one }] of found) {
        assert.strictEqual(movedFrom ?? label, one.label)
        // What ends an open operation would take the place of a row that has its label.
        if (openLabels.has(one.label) || openLabels.has(label)) assert.strictEqual(label, one.label)
      }
      for (const { identity, label } of wanted) {
        const same = rows.filter(({ nativeId }) => nativeId === identity.nativeId)
        const wanters = wanted.filter((one) => one.identity.nativeId === identity.nativeId)
        // Unless it is owned twice, or wanted twice.
        if (same.length !== 1 || wanters.length !== 1) continue
        // What cannot be renamed now is left alone: it would be replaced or deleted under the label that it has.
        const [only] = same
        const isUntouched = (one: string | undefined) => one !== undefined && (held.has(one) || openLabels.has(one))
        if (isUntouched(label)) assert.isTrue(isUntouched(only?.label))
        else assert.strictEqual(found.get(label)?.row, only)
      }
    },
    { arbitrary: { runs: 2_000 } },
  )
})

describe("a move to a label that has a row", () => {
  const moved = [{ from: "a", to: "b" }]
  const forma = { name: "shop", targets: {}, resources: [{ label: "b", type, target: "here" }], moved }

  const refused = (a: InventoryRow, b: InventoryRow): number => {
    const assignment = assignRows({ rows: [a, b], wanted: [want("b")], moved, open: new Set() })
    return unmovable(forma as unknown as Parameters<typeof unmovable>[0], [a, b], assignment, new Map()).length
  }

  it("is refused where that row is certainly another thing", () => {
    assert.strictEqual(refused(row("a=x"), row("b=y")), 1)
    assert.strictEqual(refused(row("a=x"), row("b=x", { place: "there" })), 1)
    assert.strictEqual(refused(row("a=x"), row("b=x", { type: other })), 1)
    assert.strictEqual(refused(row("a=x"), row("b=x")), 0)
    assert.strictEqual(refused(row("a=x"), row("b=x", { place: null })), 0)
  })
})
