import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { makeCommandTurn } from "../../../src/agent/commands/CommandTurn.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import { Claims } from "../../../src/agent/records/Claims.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { entryOf } from "../operations/scripted.ts"
import { layerHolding } from "../records/holding.ts"

const layer = Layer.mergeAll(OperationJournal.layer, Claims.layer, StopRequests.layer).pipe(
  Layer.provideMerge(layerHolding),
  Layer.provideMerge(layerChosenStore),
)

describe("the turn of a command with two documents", () => {
  it.effect("waits for the plugins of what was cut off last in any of them", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const { takeTurn } = yield* makeCommandTurn
      yield* journal.recordIntent(entryOf({ forma: "present" }))
      yield* TestClock.adjust("700 millis")
      yield* journal.recordIntent(entryOf({ operationId: OperationId.make("later"), forma: "earlier" }))
      const turn = yield* Effect.forkChild(takeTurn(["present", "earlier"], {}), { startImmediately: true })
      yield* TestClock.adjust("900 millis")
      assert.isUndefined(turn.pollUnsafe())
      yield* TestClock.adjust("100 millis")
      yield* Fiber.join(turn)
    }).pipe(Effect.scoped, Effect.provide(layer)),
  )
})
