import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Quarantines } from "../../../src/agent/supervision/Quarantines.ts"
import { layerChosenStore } from "../chosenStore.ts"

describe("a quarantine in the store", () => {
  it.effect("is kept with what the plugin has printed, also where that has a NUL", () =>
    Effect.gen(function* () {
      const { list, put, remove } = yield* Quarantines
      yield* put({ plugin: "aws", restarts: 6, reason: "it exited with code 3\nno\0such\0module", at: 7 })
      assert.deepEqual(
        (yield* list).map(({ plugin, reason }) => [plugin, reason]),
        [["aws", "it exited with code 3\nno␀such␀module"]],
      )
      yield* remove("aws")
      assert.deepEqual(yield* list, [])
    }).pipe(Effect.provide(Quarantines.layer.pipe(Layer.provide(layerChosenStore)))),
  )
})
