import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type * as ProcessMarks from "../../../src/agent/store/ProcessMarks.ts"
import { isMarked, mark } from "../../../src/agent/store/ProcessMarks.ts"

/** Another instance of the module, as a second copy of the package has it. */
const otherCopy: Effect.Effect<typeof ProcessMarks> = Effect.promise(() => {
  const file = "../../../src/agent/store/ProcessMarks.ts?copy"
  return import(file)
})

describe("a mark in this process", () => {
  it.effect("stands until its scope closes, and says nothing about other names", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      yield* Effect.provideService(mark("one"), Scope.Scope, scope)
      assert.deepEqual([yield* isMarked("one"), yield* isMarked("one"), yield* isMarked("two")], [true, true, false])
      yield* Scope.close(scope, Exit.void)
      assert.isFalse(yield* isMarked("one"))
      yield* Effect.scoped(mark("one"))
    }),
  )

  it.effect("is seen by another copy of the package, both ways", () =>
    Effect.gen(function* () {
      const copy = yield* otherCopy
      assert.notStrictEqual(copy.mark, mark)
      yield* mark("here")
      yield* copy.mark("there")
      assert.deepEqual([yield* copy.isMarked("here"), yield* isMarked("there")], [true, true])
    }),
  )

  it.effect("may have any name", () =>
    Effect.gen(function* () {
      const names = ["a?mode=ro&b", "../a", "a#b", "ä %20"]
      yield* Effect.forEach(names, mark)
      assert.deepEqual(yield* Effect.forEach([...names, "a"], isMarked), [true, true, true, true, false])
    }),
  )
})
