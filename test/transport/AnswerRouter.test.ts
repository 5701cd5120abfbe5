import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { FromServerEncoded } from "effect/rpc/RpcMessage"
import { makeAnswerRouter } from "../../src/transport/AnswerRouter.ts"
import type { CallId } from "../../src/transport/Envelope.ts"

/** Routes one Exit while calls wait, and returns the ids of the calls that still wait. */
const waitingAfter = (requestId: CallId, ...waiting: ReadonlyArray<CallId>) =>
  Effect.gen(function* () {
    const unanswered = new Set(waiting)
    const passed: Array<FromServerEncoded> = []
    const route = makeAnswerRouter({
      unanswered,
      broadcast: (frame) => Effect.sync(() => void passed.push(frame)),
      interrupt: () => undefined,
      onJunk: () => Effect.void,
    })
    yield* route({ _tag: "Exit", requestId: requestId as never, exit: { _tag: "Success", value: 1 } })
    assert.lengthOf(passed, waiting.length - unanswered.size)
    return [...unanswered]
  })

describe("P1: an answer with an id of the wrong kind", () => {
  it.effect("ends the call that it names", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* waitingAfter("16", 0, 16), [0])
      assert.deepEqual(yield* waitingAfter(16, "0", "16"), ["0"])
    }),
  )

  it.effect.each(["", " ", "0x10", "16.0", "1.6e1", " 16", "-0"])("ends no call if it is %j, which names none", (id) =>
    Effect.gen(function* () {
      assert.deepEqual(yield* waitingAfter(id, 0, 16), [0, 16])
    }),
  )
})
