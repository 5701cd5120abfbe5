import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { create, list, read, unobserved } from "../operator/operations.ts"
import { overMemory } from "../operator/overMemory.ts"
import { type Dice, fuzzedLines, fuzzSeeds, makeDice } from "../transport/fuzzedFrames.ts"

const request = (id: string, tag: string, payload: unknown) => ({ _tag: "Request", id, tag, payload, headers: [] })

/** What an agent may send. Its ids are texts, and those of the client are numbers. */
const frames: ReadonlyArray<unknown> = [
  request("a", "Create", create("Now", { Name: "a" })),
  request("b", "Read", read("Now", "a")),
  request("c", "List", list("Now")),
  request("d", "Watch", { operationId: "op" }),
  request("e", "StopRetrying", { operationId: "op" }),
  { ...request("f", "Read", read("Now", "a")), headers: [["a", "b"]], traceId: "t", spanId: "s", sampled: true },
  { _tag: "Interrupt", requestId: "a" },
  { _tag: "Ack", requestId: "d" },
  { _tag: "Ping" },
  { _tag: "Eof" },
]

const fuzz = Effect.fnUntraced(function* (dice: Dice) {
  const { operator, pair, server } = yield* overMemory(plugin)
  for (let round = 0; round < 5; round++) {
    const lines = fuzzedLines(dice, frames)
    yield* Stream.run(Stream.succeed(`${lines.join("\n")}\n`), pair.agent.stdout())
    // A plugin that has ended would let the call wait for ever.
    const ended = Effect.andThen(Fiber.await(server), Effect.die(new Error("the plugin has ended")))
    const answered = yield* Effect.raceFirst(operator.perform(create("Now", { Name: "b" }), unobserved), ended)
    assert.strictEqual(answered.status, "Succeeded")
    assert.isUndefined(server.pollUnsafe())
  }
})

describe("P1: frames of an agent that are almost right", () => {
  it.effect(
    "end no plugin, and it serves all other calls",
    () =>
      Effect.forEach(
        fuzzSeeds(50),
        (seed) =>
          Effect.scoped(fuzz(makeDice(seed))).pipe(
            Effect.catchCause((cause) => Effect.die(new Error(`seed ${seed}: ${String(cause)}`))),
          ),
        { discard: true },
      ),
    3_600_000,
  )
})
