import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Inventory, type InventoryRow } from "../../../src/agent/records/Inventory.ts"
import { checkedRows } from "../../../src/agent/records/CheckedRows.ts"
import { makeInventoryReads } from "../../../src/agent/records/InventoryReads.ts"
import { NativeId, ResourceType } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { longId } from "./longId.ts"
import { layerHolding } from "./holding.ts"

const layer = Inventory.layer.pipe(Layer.provideMerge(layerHolding), Layer.provideMerge(layerChosenStore))

const row = (label: string, more: Partial<InventoryRow> = {}): InventoryRow => ({
  forma: "shop",
  label,
  type: ResourceType.make("Suite::Of::Thing"),
  target: "here",
  targetConfig: { region: "here" },
  place: null,
  nativeId: NativeId.make(`id-${label}`),
  desired: { Name: "it's", Nested: [{ a: null }] },
  actual: { Name: "it's", Id: `id-${label}` },
  dependsOn: ["other"],
  exactPaths: ["/Options"],
  ...more,
})

/** The same database, in which something happens once a first page was read. */
const afterFirstPage = (sql: SqlClient.SqlClient, happens: Effect.Effect<void>): SqlClient.SqlClient => {
  let isOver = false
  const once = Effect.suspend(() => {
    if (isOver) return Effect.void
    isOver = true
    return happens
  })
  return new Proxy(sql, {
    apply: (target, self, given) => {
      const statement = Reflect.apply(target, self, given)
      return String(given[0]).includes("ORDER BY") ? Effect.tap(statement, () => once) : statement
    },
  })
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe("the inventory", () => {
  it.effect("lists what was put in, by label, for one forma or for all", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      assert.deepEqual(yield* inventory.list(), [])
      yield* inventory.put(row("b"))
      yield* inventory.put(row("a"))
      yield* inventory.put(row("a", { forma: "another" }))
      assert.deepEqual(yield* inventory.list("shop"), [row("a"), row("b")])
      assert.deepEqual(yield* inventory.list(), [row("a", { forma: "another" }), row("a"), row("b")])
      assert.deepEqual(yield* inventory.list("nothing"), [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps and finds a thing whose id is as long as one may be, and has no two of it", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const long = row("a", { nativeId: longId(65_536), place: longId(5_000) })
      yield* inventory.put(long)
      assert.deepEqual((yield* inventory.find({ ...long, label: "b" })).others, [long])
      const refused = yield* Effect.flip(inventory.put({ ...long, label: "b" }))
      assert.strictEqual(refused._tag, "OwnedElsewhere")
      yield* inventory.put(row("b", { nativeId: longId(65_535), place: long.place }))
      assert.deepEqual((yield* inventory.list()).length, 2)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("holds once what its rows have in common", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      yield* inventory.put(row("a"))
      yield* inventory.put(row("b"))
      yield* inventory.put(row("c", { targetConfig: { region: "there" } }))
      const [a, b, c] = yield* inventory.list()
      assert.strictEqual(b?.targetConfig, a?.targetConfig)
      assert.deepEqual(c?.targetConfig, { region: "there" })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("lists each resource once, as it is at one moment, where labels are renamed between two pages", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* Effect.forEach(numbers(100), (n) =>
        inventory.put(row(`label-${n}`, { nativeId: NativeId.make(`id-${n}`) })),
      )
      const renames = [
        { from: "label-99", to: "a" },
        { from: "label-0", to: "z" },
      ]
      const renamed = afterFirstPage(sql, Effect.orDie(inventory.relabel("shop", renames)))
      const reads = makeInventoryReads(renamed, checkedRows(renamed, "resources"))
      const found = yield* reads.list("shop")
      assert.deepEqual(found, yield* inventory.list("shop"))
      assert.lengthOf(new Set(found.map(({ nativeId }) => nativeId)), 100)
      assert.include(
        found.map(({ label }) => label),
        "a",
      )
    }).pipe(Effect.provide(layer)),
  )

  it.effect("streams the same page by page, and reads no page before it is asked for", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      assert.deepEqual(yield* Stream.runCollect(inventory.stream), [])
      yield* Effect.forEach(["another", "shop"], (forma) =>
        Effect.forEach(numbers(100), (n) =>
          inventory.put(row(`label-${n}`, { forma, nativeId: NativeId.make(`${forma}-${n}`) })),
        ),
      )
      assert.deepEqual(yield* Stream.runCollect(inventory.stream), yield* inventory.list())
      const pages: Array<number> = []
      yield* Stream.runForEach(Stream.chunks(inventory.stream), (page) => {
        pages.push(page.length)
        return sql`DELETE FROM resources WHERE forma = 'shop'`
      })
      assert.deepEqual(pages, [64, 36])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("streams the rows before one that is damaged or not valid, and then fails", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* Effect.forEach(numbers(100), (n) =>
        inventory.put(row(`label-${n}`, { nativeId: NativeId.make(`id-${n}`) })),
      )
      const [last] = numbers(100)
        .map((n) => `label-${n}`)
        .toSorted()
        .slice(-1)
      for (const damage of [
        sql`UPDATE resources SET target = 'elsewhere' WHERE label = ${last}`,
        sql`UPDATE resources SET actual = '[]', checksum = NULL WHERE label = ${last}`,
      ]) {
        yield* damage
        let seen = 0
        const failure = yield* Effect.flip(
          Stream.runForEach(inventory.stream, () => Effect.sync(() => void (seen += 1))),
        )
        assert.deepEqual(
          [failure._tag, failure._tag === "InventoryUnreadable" && failure.label],
          ["InventoryUnreadable", last],
        )
        assert.strictEqual(seen, 64)
        assert.deepEqual(yield* Effect.flip(inventory.list()), failure)
      }
    }).pipe(Effect.provide(layer)),
  )

  it.effect("has one row for a label in a forma, which the next put replaces completely", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* inventory.put(row("a"))
      yield* TestClock.adjust("1 minute")
      const changed = row("a", {
        type: ResourceType.make("Suite::Of::Other"),
        target: "there",
        targetConfig: {},
        nativeId: NativeId.make("another"),
        desired: {},
        actual: { Size: 1 },
        dependsOn: [],
        exactPaths: [],
      })
      yield* inventory.put(changed)
      assert.deepEqual(yield* inventory.list("shop"), [changed])
      assert.deepEqual(yield* sql`SELECT updated_at FROM resources`.values, [[60_000]])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("removes the row of a label in one forma, and nothing if there is none", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      yield* inventory.put(row("a"))
      yield* inventory.put(row("a", { forma: "another" }))
      const { nativeId } = row("a")
      yield* inventory.remove("shop", "a", nativeId)
      yield* inventory.remove("shop", "a", nativeId)
      assert.deepEqual(yield* inventory.list(), [row("a", { forma: "another" })])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps the row of another resource that now has the label of the removed one", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      yield* inventory.put(row("a", { nativeId: NativeId.make("new") }))
      yield* inventory.remove("shop", "a", NativeId.make("old"))
      assert.lengthOf(yield* inventory.list(), 1)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("reports which row cannot be read, and shows none of its values", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* inventory.put(row("a"))
      yield* inventory.put(row("b"))
      yield* sql`UPDATE resources SET actual = '["hunter2"]', checksum = NULL WHERE label = 'b'`
      const error = yield* Effect.flip(inventory.list())
      assert.deepInclude(error, { _tag: "InventoryUnreadable", forma: "shop", label: "b" })
      assert.include(error.message, "shop/b")
      assert.include(error.message, "actual")
      assert.notInclude(error.message, "hunter2")
      yield* sql`UPDATE resources SET actual = 'hunter2', checksum = NULL WHERE label = 'b'`
      assert.notInclude((yield* Effect.flip(inventory.list())).message, "hunter2")
    }).pipe(Effect.provide(layer)),
  )
})
