import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeAgent } from "./shelf.ts"

describe("P13: a label that was renamed", () => {
  it.effect("keeps its resource, and nothing is done at the provider", () =>
    Effect.gen(function* () {
      const { apply, changes, owners, plan } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x"] })
      yield* changes
      assert.deepEqual(yield* plan("shop", { b: ["Named", "x"] }), ["b noop planned from a"])
      assert.deepEqual(yield* apply("shop", { b: ["Named", "x"] }), ["b noop succeeded from a"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["shop/b=x"])
      assert.deepEqual(yield* apply("shop", { b: ["Named", "x"] }), ["b noop succeeded"])
    }),
  )

  it.effect("is created again if its thing was deleted elsewhere, and has one row", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x"], b: ["Named", "y"] })
      items.delete("one/Named/x")
      yield* changes
      assert.deepEqual(yield* apply("shop", { a: ["Named", "y"], b: ["Named", "x"] }), [
        "a noop succeeded from b",
        "b create succeeded from a",
      ])
      items.delete("one/Named/x")
      assert.deepEqual(yield* apply("shop", { a: ["Named", "y"], c: ["Named", "x"] }), [
        "a noop succeeded",
        "c create succeeded from b",
      ])
      assert.deepEqual(yield* changes, ["create x", "create x"])
      assert.deepEqual(yield* owners, ["shop/a=y", "shop/c=x"])
    }),
  )

  it.effect("and whose properties were changed is an update", () =>
    Effect.gen(function* () {
      const { apply, changes } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x", 1] })
      yield* changes
      assert.deepEqual(yield* apply("shop", { b: ["Named", "x", 2] }), ["b update succeeded from a"])
      assert.deepEqual(yield* changes, ["update x"])
    }),
  )

  it.effect("is seen before the delete is sent where the plugin does not say which thing it is", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"] })
      yield* changes
      assert.deepEqual(yield* apply("shop", { b: ["Blind", "x"] }), ["b create succeeded", "a noop succeeded"])
      assert.deepEqual(yield* changes, ["create x"])
      assert.deepEqual([...items.keys()], ["one/Blind/x"])
      assert.deepEqual(yield* owners, ["shop/b=x"])
    }),
  )

  it.effect("may change places with another one", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x"], b: ["Named", "y"] })
      yield* changes
      const swapped = { a: ["Named", "y"], b: ["Named", "x"] } as const
      assert.deepEqual(yield* apply("shop", swapped), ["a noop succeeded from b", "b noop succeeded from a"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["shop/a=y", "shop/b=x"])
    }),
  )

  it.effect("may take the label of one that is no longer wanted", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Named", "x"], b: ["Named", "y"] })
      yield* changes
      assert.deepEqual(yield* apply("shop", { a: ["Named", "y"] }), [
        "a noop succeeded from b",
        "b delete succeeded from a",
      ])
      assert.deepEqual(yield* changes, ["delete x"])
      assert.deepEqual(yield* owners, ["shop/a=y"])
    }),
  )

  it.effect("is stated by the document where the provider chooses native ids", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Numbered", "x"] })
      yield* changes
      const moved = [{ from: "a", to: "b" }]
      for (const said of ["b noop succeeded from a", "b noop succeeded"]) {
        assert.deepEqual(yield* apply("shop", { b: ["Numbered", "x"] }, { moved }), [said])
      }
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["shop/b=n-1"])
    }),
  )

  it.effect("is refused where the new label has a thing of its own, and nothing is deleted", () =>
    Effect.gen(function* () {
      const { apply, changes, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Numbered", "x"], b: ["Numbered", "y"] })
      yield* changes
      const wanted = { b: ["Numbered", "x"] } as const
      const error = yield* Effect.flip(apply("shop", wanted, { moved: [{ from: "a", to: "b" }] }))
      assert.strictEqual(
        error.message,
        "moved.0.to: b has the Shelf::Numbered::Item n-2 already, so a cannot be moved there; move it to another label, or take this move out: then the Shelf::Numbered::Item n-1 of a is deleted",
      )
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* owners, ["shop/a=n-1", "shop/b=n-2"])
    }),
  )

  it.effect("cannot be stated wrongly", () =>
    Effect.gen(function* () {
      const { plan } = yield* makeAgent
      const messages = Effect.fnUntraced(function* (
        moved: ReadonlyArray<{ readonly from: string; readonly to: string }>,
      ) {
        const error = yield* Effect.flip(plan("shop", { b: ["Numbered", "x"] }, { moved }))
        return error.message
      })
      assert.include(
        yield* messages([{ from: "b", to: "b" }]),
        "moved.0.from: the label b is still used by resources[0]",
      )
      const chain = [
        { from: "b", to: "c" },
        { from: "a", to: "b" },
      ]
      assert.include(
        yield* messages(chain),
        "moved.0.from: the label b is still used by resources[0]; to give it to another resource in the same document, move in several applies, and swap two labels by way of a third",
      )
      assert.include(yield* messages([{ from: "a", to: "c" }]), "moved.0.to: there is no resource with the label c")
      const twice = [
        { from: "a", to: "b" },
        { from: "a", to: "b" },
      ]
      assert.include(yield* messages(twice), "moved.1.from: the label a is moved twice")
      assert.include(yield* messages(twice), "moved.1.to: two labels are moved to b")
    }),
  )
})
