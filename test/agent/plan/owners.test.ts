import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { Namespace } from "../../../src/protocol/Identity.ts"
import { makeAgent } from "./shelf.ts"

describe("P13: one thing has one owner", () => {
  it.effect("two labels of a document that are the same thing are a mistake in it", () =>
    Effect.gen(function* () {
      const { apply, changes } = yield* makeAgent
      yield* apply("shop", { other: ["Named", "z"] })
      yield* changes
      const error = yield* Effect.flip(apply("shop", { other: ["Named", "z"], a: ["Named", "x"], b: ["Named", "x"] }))
      assert.strictEqual(
        error.message,
        "resources.2: b is the same Shelf::Named::Item as a: x; take one of the two labels out",
      )
      assert.deepEqual(yield* changes, [])
    }),
  )

  it.effect("two labels that are the same thing are a mistake, also where nothing exists, or one of them alone", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* makeAgent
      const both = { a: ["Named", "x"], b: ["Named", "x"] } as const
      const isRefused = Effect.map(Effect.flip(apply("shop", both)), ({ message }) =>
        assert.include(message, "b is the same Shelf::Named::Item as a: x"),
      )
      yield* isRefused
      assert.deepEqual(yield* changes, [])
      yield* apply("shop", { a: ["Named", "x"] })
      yield* isRefused
      assert.deepEqual(yield* owners, ["shop/a=x"])
    }),
  )

  it.effect("what another document owns is not taken over, nor touched", () =>
    Effect.gen(function* () {
      const { apply, changes, owners, plan } = yield* makeAgent
      yield* apply("prod", { a: ["Named", "x"] })
      yield* changes
      assert.deepEqual(yield* plan("dev", { b: ["Named", "x"] }), ["b create failed: OwnedElsewhere"])
      assert.deepEqual(yield* apply("dev", { b: ["Named", "x"] }), ["b create failed: OwnedElsewhere"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("what another document owns does not keep what is dropped here from being deleted", () =>
    Effect.gen(function* () {
      const { apply, owners } = yield* makeAgent
      yield* apply("prod", { a: ["Named", "x"] })
      yield* apply("dev", { c: ["Named", "z"] })
      assert.deepEqual(yield* apply("dev", { b: ["Named", "x"] }), [
        "b create failed: OwnedElsewhere",
        "c delete succeeded",
      ])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("a create that turns out to be what another label has is refused, and nothing is lost", () =>
    Effect.gen(function* () {
      const { apply, items, owners } = yield* makeAgent
      yield* apply("prod", { a: ["Blind", "x"] })
      assert.deepEqual(yield* apply("dev", { b: ["Blind", "x"] }), ["b create failed: OwnedElsewhere"])
      assert.deepEqual(yield* apply("prod", { a: ["Blind", "x"], b: ["Blind", "x"] }), [
        "a noop succeeded",
        "b create failed: OwnedElsewhere",
      ])
      assert.deepEqual([...items.keys()], ["one/Blind/x"])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("a create that fails stops no delete of another thing", () =>
    Effect.gen(function* () {
      const { apply, changes, items } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x"] })
      items.set("one/Named/y", { Name: "y" })
      yield* changes
      assert.deepEqual(yield* apply("shop", { b: ["Named", "y"] }), [
        "b create failed: AlreadyExists",
        "a delete succeeded",
      ])
      assert.sameMembers(yield* changes, ["create y", "delete x"])
    }),
  )

  it.effect("an update that is answered with another native id has failed", () =>
    Effect.gen(function* () {
      const { answers, apply, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x", 1] })
      answers.set("x", "y")
      assert.deepEqual(yield* apply("shop", { a: ["Named", "x", 2] }), ["a update failed: ProtocolError"])
      assert.deepEqual(yield* owners, ["shop/a=x"])
    }),
  )

  it.effect("a place that is named in another way is the same place", () =>
    Effect.gen(function* () {
      const { apply, changes } = yield* makeAgent
      const sameShelf = { targets: { shelf: { namespace: "Shelf", config: { shelf: "./one" } } } } as const
      yield* apply("shop", { a: ["Named", "x"] })
      yield* changes
      assert.deepEqual(yield* apply("shop", { a: ["Named", "x"] }, sameShelf), ["a noop succeeded"])
      assert.deepEqual(yield* apply("shop", { b: ["Named", "x"] }, sameShelf), ["b noop succeeded from a"])
      assert.deepEqual(yield* changes, [])
    }),
  )

  it.effect("the same native id in another place is another thing", () =>
    Effect.gen(function* () {
      const { apply, changes } = yield* makeAgent
      const elsewhere = { targets: { shelf: { namespace: "Shelf", config: { shelf: "two" } } } } as const
      yield* apply("prod", { a: ["Named", "x"] })
      assert.deepEqual(yield* apply("dev", { a: ["Named", "x"] }, elsewhere), ["a create succeeded"])
      assert.deepEqual(yield* changes, ["create x", "create x"])
    }),
  )
})

describe("P13: things that two labels owned before 0.2.0", () => {
  /** Gives a second label a copy of the row of `prod/a`, and takes the places away. */
  const duplicated = (forma: string, label: string) =>
    Effect.gen(function* () {
      const shelf = yield* makeAgent
      yield* shelf.apply("prod", { a: ["Named", "x"] })
      yield* shelf.changes
      const sql = Context.get(shelf.context, SqlClient.SqlClient)
      yield* sql`UPDATE resources SET place = NULL, checksum = NULL`
      yield* sql`
        INSERT INTO resources
          (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at)
        SELECT ${forma}, ${label}, type, target, target_config, native_id, desired, actual, depends_on, updated_at
        FROM resources`
      return shelf
    })

  it.effect("are reported, and stay as they are while both are wanted", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* duplicated("dev", "b")
      assert.deepEqual(yield* apply("prod", { a: ["Named", "x"] }), ["a noop succeeded shared with dev/b"])
      assert.deepEqual(yield* apply("dev", { b: ["Named", "x"] }), ["b noop succeeded shared with prod/a"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["dev/b=x", "prod/a=x"])
    }),
  )

  it.effect("are kept when one of the labels is dropped", () =>
    Effect.gen(function* () {
      const { apply, changes, owners, plan } = yield* duplicated("prod", "b")
      assert.deepEqual(yield* plan("prod", { a: ["Named", "x"] }), [
        "a noop planned",
        "b forget planned shared with prod/a",
      ])
      assert.deepEqual(yield* apply("prod", { a: ["Named", "x"] }), [
        "a noop succeeded",
        "b forget succeeded shared with prod/a",
      ])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("are kept when one of the documents is destroyed", () =>
    Effect.gen(function* () {
      const { changes, destroy, owners } = yield* duplicated("dev", "b")
      assert.deepEqual(yield* destroy("dev"), ["b forget succeeded shared with prod/a"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("are kept when they are known again, because something beside them has changed", () =>
    Effect.gen(function* () {
      const inOneForma = yield* duplicated("prod", "b")
      const both = { a: ["Named", "x"], b: ["Named", "x"] } as const
      for (const target of ["shelf", "rack"]) {
        assert.deepEqual(yield* inOneForma.applyAt(target, both, "prod", "./one"), [
          "a noop succeeded shared with prod/b",
          "b noop succeeded shared with prod/a",
        ])
      }
      const third = { ...both, c: ["Named", "x"] } as const
      const error = yield* Effect.flip(inOneForma.applyAt("shelf", third, "prod"))
      assert.strictEqual(
        error.message,
        "resources.2: c is the same Shelf::Named::Item as a: x; take one of the two labels out",
      )
      const inTwo = yield* duplicated("dev", "b")
      assert.deepEqual(yield* inTwo.applyAt("rack", { b: ["Named", "x"] }, "dev", "./one"), [
        "b noop succeeded shared with prod/a",
      ])
      assert.deepEqual(yield* inTwo.applyAt("rack", { c: ["Named", "x"] }, "dev", "./one"), [
        "c noop succeeded from b shared with prod/a",
      ])
      assert.deepEqual([...(yield* inOneForma.changes), ...(yield* inTwo.changes)], [])
    }),
  )

  it.effect("are updated by the first of two documents that wants it, and stay with both", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* duplicated("dev", "b")
      yield* apply("prod", { a: ["Named", "x"] })
      assert.deepEqual(yield* apply("dev", { b: ["Named", "x", 2] }), ["b update succeeded shared with prod/a"])
      assert.deepEqual(yield* apply("dev", { b: ["Named", "x", 2] }), ["b noop succeeded shared with prod/a"])
      assert.deepEqual(yield* changes, ["update x"])
      assert.deepEqual(yield* owners, ["dev/b=x", "prod/a=x"])
    }),
  )

  it.effect("are updated by one label of a document only, and a noop stays one", () =>
    Effect.gen(function* () {
      const { apply, changes, owners, plan } = yield* duplicated("prod", "b")
      const both = { a: ["Named", "x", 2], b: ["Named", "x", 3] } as const
      assert.deepEqual(yield* plan("prod", both), [
        "a update planned shared with prod/b",
        "b noop failed shared with prod/a: OwnedElsewhere",
      ])
      const applied = ["a update succeeded shared with prod/b", "b noop failed shared with prod/a: OwnedElsewhere"]
      assert.deepEqual(yield* apply("prod", both), applied)
      assert.deepEqual(yield* changes, ["update x"])
      assert.deepEqual(yield* apply("prod", { a: both.a, b: both.a }), [
        "a noop succeeded shared with prod/b",
        "b noop succeeded shared with prod/a",
      ])
      assert.deepEqual(yield* apply("prod", { a: both.a }), [
        "a noop succeeded",
        "b forget succeeded shared with prod/a",
      ])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )

  it.effect("are not deleted when one of the labels is for another thing by now", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* duplicated("prod", "b")
      const applied = yield* apply("prod", { a: ["Named", "y"], b: ["Named", "x"] })
      assert.deepEqual(applied, ["a replace succeeded shared with prod/b", "b noop succeeded shared with prod/a"])
      assert.deepEqual(yield* changes, ["create y"])
      assert.sameMembers([...items.keys()], ["one/Named/x", "one/Named/y"])
      assert.deepEqual(yield* owners, ["prod/a=y", "prod/b=x"])
    }),
  )

  it.effect("are deleted once when both labels are", () =>
    Effect.gen(function* () {
      const { changes, destroy, owners } = yield* duplicated("prod", "b")
      assert.deepEqual(yield* destroy("prod"), ["a delete succeeded", "b forget succeeded shared with prod/a"])
      assert.deepEqual(yield* changes, ["delete x"])
      assert.deepEqual(yield* owners, [])
    }),
  )
})

describe("P13: a thing whose place was not known before 0.2.0", () => {
  const unplaced = Effect.gen(function* () {
    const shelf = yield* makeAgent
    yield* shelf.apply("prod", { a: ["Open", "x", 1] })
    yield* shelf.changes
    yield* Context.get(shelf.context, SqlClient.SqlClient)`UPDATE resources SET place = NULL, checksum = NULL`
    return shelf
  })

  it.effect("follows its label, if that is renamed before anything was read", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* unplaced
      assert.deepEqual(yield* apply("prod", { b: ["Open", "x", 1] }), ["b noop succeeded from a"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/b=x"])
    }),
  )

  it.effect("is not changed by another document that wants it", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* unplaced
      assert.deepEqual(yield* apply("dev", { b: ["Open", "x", 2] }), ["b create failed: OwnedElsewhere"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["prod/a=x"])
    }),
  )
})

describe("a delete", () => {
  const target = (key: string) => ({
    shelf: { namespace: Namespace.make("Shelf"), config: { shelf: "one", key } },
  })

  it.effect("reaches its place as the document of today says", () =>
    Effect.gen(function* () {
      const { apply, changes, destroy, keys } = yield* makeAgent
      keys.set("one", "old")
      yield* apply("shop", { a: ["Named", "x"], b: ["Named", "y"], c: ["Named", "z"] }, { targets: target("old") })
      keys.set("one", "new")
      yield* changes
      const dropped = yield* apply("shop", { b: ["Named", "y"] }, { targets: target("new") })
      assert.sameMembers(dropped, ["b noop succeeded", "a delete succeeded", "c delete succeeded"])
      assert.deepEqual(yield* destroy({ name: "shop", targets: target("new") }), ["b delete succeeded"])
      assert.sameMembers(yield* changes, ["delete x", "delete z", "delete y"])
    }),
  )

  it.effect("reaches the place where the resource is, if the document names another one by now", () =>
    Effect.gen(function* () {
      const { apply, items } = yield* makeAgent
      const two = { targets: { shelf: { namespace: "Shelf", config: { shelf: "two" } } } } as const
      yield* apply("shop", { a: ["Named", "x"] })
      yield* apply("shop", { b: ["Named", "y"] }, two)
      assert.deepEqual([...items.keys()], ["two/Named/y"])
    }),
  )
})
