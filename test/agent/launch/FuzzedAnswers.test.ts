import { assert, describe, it } from "@effect/vitest"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import * as Effect from "effect/Effect"
import { create, list, read, remove, status, unobserved } from "../../operator/operations.ts"
import { type Dice, fuzzedLines, fuzzSeeds, makeDice } from "../../transport/fuzzedFrames.ts"
import { handshakeOf, handWritten, success } from "../supervision/handWritten.ts"
import { inTime, makeSupervised } from "../supervision/supervised.ts"

const succeeded = { status: "Succeeded", attempts: 1, nativeId: "n", properties: { Name: "a" } }
const inProgress = { status: "InProgress", attempts: 1, requestId: "r" }
const failure = { code: "Throttling", message: "slow down" }

const rightAnswer = (request: RequestEncoded): ReadonlyArray<string> => {
  switch (request.tag) {
    case "Watch":
      return [JSON.stringify({ _tag: "Chunk", requestId: request.id, values: [succeeded] }), success(request, null)]
    case "List":
      return [success(request, { nativeIds: ["n"] })]
    default:
      return [success(request, succeeded)]
  }
}

const exit = (requestId: unknown, cause: unknown) => ({ _tag: "Exit", requestId, exit: { _tag: "Failure", cause } })

/** What a plugin may answer to this call. */
const answersTo = ({ id }: RequestEncoded): ReadonlyArray<unknown> => [
  { _tag: "Exit", requestId: id, exit: { _tag: "Success", value: succeeded } },
  { _tag: "Exit", requestId: id, exit: { _tag: "Success", value: inProgress } },
  { _tag: "Exit", requestId: id, exit: { _tag: "Success", value: { status: "Failed", attempts: 1, failure } } },
  { _tag: "Exit", requestId: id, exit: { _tag: "Success", value: { nativeIds: ["n"], nextPageToken: "t" } } },
  exit(id, [{ _tag: "Fail", error: { _tag: "ProtocolError", message: "no" } }]),
  exit(id, [{ _tag: "Die", defect: { name: "Error", message: "no", stack: "here" } }]),
  exit(id, [{ _tag: "Interrupt", fiberId: null }]),
  { _tag: "Chunk", requestId: id, values: [inProgress, succeeded] },
  { _tag: "Defect", defect: "no" },
  { _tag: "Pong" },
]

const fuzz = Effect.fnUntraced(function* (dice: Dice) {
  let hostile = true
  const supervised = yield* makeSupervised({
    programOf: () =>
      handWritten((request, process) => {
        const right = request.tag === "Handshake" ? [handshakeOf(request, process)] : rightAnswer(request)
        return hostile && request.tag !== "Handshake" ? [...fuzzedLines(dice, answersTo(request)), ...right] : right
      }),
  })
  const operator = yield* supervised.operator()
  const operations = [create("Now", {}), read("Now", "n"), remove("Now", "n"), status("Now", "r")]
  yield* Effect.all(
    [
      ...operations.map((operation) => Effect.result(operator.perform(operation, unobserved))),
      Effect.result(operator.list(list("Now"))),
    ],
    { concurrency: "unbounded" },
  )
  hostile = false
  // A Defect that is still on its way may end this one. After its right answer, there is none.
  yield* Effect.retry(operator.perform(create("Now", {}), unobserved), { times: 100 })
  assert.strictEqual((yield* operator.perform(create("Now", {}), unobserved)).status, "Succeeded")
})

/** What a hostile plugin answers to its handshake, and nothing that is right. */
const fuzzHandshake = Effect.fnUntraced(function* (dice: Dice) {
  const supervised = yield* makeSupervised({
    programOf: () => handWritten((request, process) => fuzzedLines(dice, [JSON.parse(handshakeOf(request, process))])),
  })
  yield* Effect.result(supervised.operator())
})

describe("P1: frames of a plugin that are almost right", () => {
  it.effect(
    "end no more than the calls that they name",
    () =>
      Effect.forEach(
        fuzzSeeds(50),
        (seed) =>
          Effect.scoped(inTime(fuzz(makeDice(seed)))).pipe(
            Effect.catchCause((cause) => Effect.die(new Error(`seed ${seed}: ${String(cause)}`))),
          ),
        { discard: true },
      ),
    3_600_000,
  )

  it.effect(
    "end no more than the start of their plugin",
    () =>
      Effect.forEach(
        fuzzSeeds(30),
        (seed) =>
          Effect.scoped(inTime(fuzzHandshake(makeDice(seed)))).pipe(
            Effect.catchCause((cause) => Effect.die(new Error(`seed ${seed}: ${String(cause)}`))),
          ),
        { discard: true },
      ),
    3_600_000,
  )
})
