import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Seals, withoutSecrets } from "../../../src/agent/resources/Sealed.ts"
import { thing } from "./capabilities.ts"

const canary = "canary-31c8"
const given = { Name: "a", Secret: canary, Password: { in: [canary] }, Hint: 1 }

describe("a seal", () => {
  it.effect("stands in the place of what must not be kept, and holds nothing of it", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal(given, thing)
      assert.deepEqual(Object.keys(kept), Object.keys(given))
      assert.strictEqual(kept["Name"], "a")
      const text = JSON.stringify(kept)
      assert.notInclude(text, canary)
      assert.notInclude(text, Buffer.from(canary).toString("base64").replaceAll("=", ""))
      assert.deepEqual(
        ["Secret", "Password", "Hint"].map((name) => Object.keys(kept[name] ?? {})),
        [["$sealed"], ["$sealed"], ["$sealed"]],
      )
    }).pipe(Effect.provide(Seals.layer)),
  )

  it.effect("opens for the same value, and for no other", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal(given, thing)
      assert.deepEqual(yield* seals.open(kept, given), given)
      const others = { ...given, Secret: `${canary} `, Password: { in: [canary, canary] }, Hint: "1" }
      assert.deepEqual(yield* seals.open(kept, others), kept)
      assert.deepEqual(yield* seals.open(kept, {}), kept)
      assert.deepEqual(yield* seals.open(kept, { Hint: 1 }), { ...kept, Hint: 1 })
    }).pipe(Effect.provide(Seals.layer)),
  )

  it.effect("is another one each time, so that two equal secrets can not be told by their seals", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const one = yield* seals.seal({ Secret: canary }, thing)
      const other = yield* seals.seal({ Secret: canary }, thing)
      assert.notDeepEqual(one, other)
    }).pipe(Effect.provide(Seals.layer)),
  )

  it.effect("fits an object whatever the order of its keys", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal({ Secret: { user: "u", inner: [{ a: 1, b: 2 }] } }, thing)
      const same = { Secret: { inner: [{ b: 2, a: 1 }], user: "u" } }
      assert.deepEqual(yield* seals.open(kept, same), same)
    }).pipe(Effect.provide(Seals.layer)),
  )
})

describe("what may be shown", () => {
  it("has no property that is secret or can not be read", () => {
    assert.deepEqual(withoutSecrets({ ...given, Id: "i" }, thing), { Name: "a", Id: "i" })
  })
})
