import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeAgent } from "./shelf.ts"

/** An agent whose create of x under the label z has got no answer. It may have been carried out. */
const withOpenCreate = (when: "before" | "after", kind: "Named" | "Open" | "Blind" | "Numbered" = "Named") =>
  Effect.gen(function* () {
    const shelf = yield* makeAgent
    shelf.unanswered.set("x", when)
    assert.deepEqual(yield* shelf.apply("shop", { z: [kind, "x"] }), ["z create failed: NetworkFailure"])
    yield* shelf.changes
    return { ...shelf, answerAgain: Effect.sync(() => shelf.unanswered.delete("x")) }
  })

describe("P13: a label whose create may have been carried out", () => {
  it.effect("is not taken by another row, which would be lost when the create ends", () =>
    Effect.gen(function* () {
      const { answerAgain, apply, changes, items, owners } = yield* withOpenCreate("after")
      assert.include(yield* apply("shop", { z: ["Named", "x"], y: ["Named", "y"] }), "y create succeeded")
      yield* changes
      const swapped = { z: ["Named", "y"], y: ["Named", "x"] } as const
      const waiting = yield* apply("shop", swapped)
      assert.isTrue(
        waiting.every((line) => line.includes("failed: NetworkFailure")),
        waiting.join(),
      )
      assert.notInclude((yield* changes).join(), "delete")
      yield* answerAgain
      yield* apply("shop", swapped)
      assert.notInclude((yield* changes).join(), "delete")
      assert.sameMembers([...items.keys()], ["one/Named/x", "one/Named/y"])
      assert.deepEqual(yield* owners, ["shop/y=x", "shop/z=y"])
    }),
  )

  it.effect("is not taken by a stated move", () =>
    Effect.gen(function* () {
      const { answerAgain, apply, items, owners } = yield* withOpenCreate("before", "Numbered")
      const before = { z: ["Numbered", "x"], y: ["Named", "y"] } as const
      assert.include(yield* apply("shop", before), "y create succeeded")
      const after = { z: ["Named", "y"] } as const
      const moved = { moved: [{ from: "y", to: "z" }] }
      yield* apply("shop", after, moved)
      assert.deepEqual(yield* owners, ["shop/y=y"])
      yield* answerAgain
      yield* apply("shop", after, moved)
      yield* apply("shop", after, moved)
      assert.include([...items.keys()], "one/Named/y")
      assert.include(yield* owners, "shop/z=y")
    }),
  )

  it.effect("is not created again under the label that the document moves it to", () =>
    Effect.gen(function* () {
      const { answerAgain, apply, items, owners } = yield* withOpenCreate("before", "Numbered")
      const moved = { moved: [{ from: "z", to: "y" }] }
      assert.include(yield* apply("shop", { y: ["Numbered", "x"] }, moved), "y create failed: NetworkFailure")
      yield* answerAgain
      yield* apply("shop", { y: ["Numbered", "x"] }, moved)
      assert.lengthOf([...items.keys()], 1)
      assert.lengthOf(yield* owners, 1)
      assert.match((yield* owners).join(), /^shop\/y=/)
    }),
  )

  it.effect("is not sent again once another document owns what it would make", () =>
    Effect.gen(function* () {
      const { answerAgain, apply, changes, items, owners, resume } = yield* withOpenCreate("before", "Open")
      yield* answerAgain
      assert.deepEqual(yield* apply("other", { o: ["Open", "x", 7] }), ["o create succeeded"])
      yield* changes
      assert.deepEqual(yield* resume, ["z create failed: OwnedElsewhere"])
      assert.deepEqual(yield* changes, [])
      assert.deepEqual(yield* apply("shop", { z: ["Open", "x"] }), ["z create failed: OwnedElsewhere"])
      assert.deepEqual(yield* changes, [])
      assert.strictEqual(items.get("one/Open/x")?.Size, 7)
      assert.deepEqual(yield* owners, ["other/o=x"])
    }),
  )

  it.effect("takes nothing from another label when it is resumed: what the document wants is not known then", () =>
    Effect.gen(function* () {
      const { apply, owners, resume, unanswered } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"] })
      unanswered.set("x", "after")
      yield* apply("shop", { a: ["Blind", "x"], z: ["Blind", "x"] })
      unanswered.clear()
      assert.deepEqual(yield* resume, ["z create failed: OwnedElsewhere"])
      assert.deepEqual(yield* owners, ["shop/a=x"])
    }),
  )

  it.effect("and whose label was renamed meanwhile is the same thing when it ends", () =>
    Effect.gen(function* () {
      for (const kind of ["Named", "Open", "Blind"] as const) {
        const { answerAgain, apply, changes, items, owners } = yield* withOpenCreate("after", kind)
        yield* answerAgain
        yield* apply("shop", { y: [kind, "x"] })
        yield* apply("shop", { y: [kind, "x"] })
        assert.notInclude((yield* changes).join(), "delete", kind)
        assert.deepEqual([...items.keys()], [`one/${kind}/x`])
        assert.deepEqual(yield* owners, ["shop/y=x"])
      }
    }),
  )
})

describe("P13: what one label replaces and another one creates", () => {
  it.effect("is the same thing, renamed, if it is where the plugin does not say so", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"] })
      yield* changes
      const applied = yield* apply("shop", { a: ["Blind", "y"], b: ["Blind", "x"] })
      assert.sameMembers(applied, ["a replace succeeded", "b create succeeded"])
      assert.deepEqual(yield* changes, ["create x", "create y"])
      assert.sameMembers([...items.keys()], ["one/Blind/x", "one/Blind/y"])
      assert.deepEqual(yield* owners, ["shop/a=y", "shop/b=x"])
    }),
  )

  it.effect("is not deleted after it was made by a replace that takes over a dropped label", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"], c: ["Blind", "y"] })
      yield* changes
      yield* apply("shop", { a: ["Blind", "y"] })
      assert.deepEqual([...items.keys()], ["one/Blind/y"])
      assert.deepEqual(yield* owners, ["shop/a=y"])
      assert.notInclude(yield* changes, "delete y")
    }),
  )

  it.effect("exists at the end, if two labels swap their names and the plugin does not say so", () =>
    Effect.gen(function* () {
      const { apply, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"], b: ["Blind", "y"] })
      const swapped = { a: ["Blind", "y"], b: ["Blind", "x"] } as const
      assert.sameMembers(yield* apply("shop", swapped), ["a replace succeeded", "b replace succeeded"])
      assert.sameMembers([...items.keys()], ["one/Blind/x", "one/Blind/y"])
      assert.deepEqual(yield* owners, ["shop/a=y", "shop/b=x"])
    }),
  )

  it.effect("is kept under its other label if the type under the label was changed", () =>
    Effect.gen(function* () {
      const { apply, changes, items, owners } = yield* makeAgent
      yield* apply("shop", { a: ["Blind", "x"] })
      yield* changes
      yield* apply("shop", { a: ["Named", "n"], b: ["Blind", "x"] })
      assert.notInclude(yield* changes, "delete x")
      assert.sameMembers([...items.keys()], ["one/Blind/x", "one/Named/n"])
      assert.deepEqual(yield* owners, ["shop/a=n", "shop/b=x"])
    }),
  )
})

describe("P13: a create that is known only when what it refers to exists", () => {
  it.effect("is not sent if another document owns it", () =>
    Effect.gen(function* () {
      const { apply, changes, items } = yield* makeAgent
      yield* apply("other", { o: ["Open", "x", 7] })
      yield* changes
      const name = { $ref: "first.Name" }
      const applied = yield* apply("shop", { first: ["Named", "x"], second: ["Open", name] })
      assert.deepEqual(applied, ["first create succeeded", "second create failed: OwnedElsewhere"])
      assert.deepEqual(yield* changes, ["create x"])
      assert.strictEqual(items.get("one/Open/x")?.Size, 7)
    }),
  )
})

describe("P13: a target that was renamed", () => {
  it.effect("is the same place: nothing is done", () =>
    Effect.gen(function* () {
      const { applyAt, changes } = yield* makeAgent
      yield* applyAt("shelf", { a: ["Named", "x"], b: ["Numbered", "y"] })
      yield* changes
      assert.deepEqual(yield* applyAt("rack", { a: ["Named", "x"], b: ["Numbered", "y"] }), [
        "a noop succeeded",
        "b noop succeeded",
      ])
      assert.deepEqual(yield* applyAt("rack", { c: ["Named", "x"], b: ["Numbered", "y"] }), [
        "c noop succeeded from a",
        "b noop succeeded",
      ])
      assert.deepEqual(yield* changes, [])
    }),
  )
})

describe("P2: a destroy that was cut off, and whose document has another name by now", () => {
  it.effect("does not delete what the new name has made meanwhile", () =>
    Effect.gen(function* () {
      const { apply, destroy, items, owners } = yield* makeAgent
      yield* apply("old", { a: ["Named", "x"], b: ["Named", "y"] })
      assert.deepEqual(yield* apply("new", { a: ["Named", "x"], b: ["Named", "y"] }), [
        "a create failed: OwnedElsewhere",
        "b create failed: OwnedElsewhere",
      ])
      assert.deepEqual(yield* destroy("old"), ["a delete succeeded", "b delete succeeded"])
      assert.deepEqual(yield* apply("new", { a: ["Named", "x"], b: ["Named", "y"] }), [
        "a create succeeded",
        "b create succeeded",
      ])
      assert.deepEqual(yield* destroy("old"), [])
      assert.lengthOf([...items.keys()], 2)
      assert.deepEqual(yield* owners, ["new/a=x", "new/b=y"])
    }),
  )
})
