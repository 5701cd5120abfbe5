import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import { create, makeObserver, unobserved } from "../../operator/operations.ts"
import { success } from "../supervision/handWritten.ts"
import { failure, handWrittenOperator } from "../supervision/handWrittenOperator.ts"

const creating = create("Now", {})

const exitOf = ({ id }: RequestEncoded, value: string) =>
  `{"_tag":"Exit","requestId":${id},"exit":{"_tag":"Success","value":${value}}}`
const succeededWith = (properties: string, attempts = "1") =>
  `{"status":"Succeeded","attempts":${attempts},"nativeId":"n","properties":${properties}}`

describe("a number of an answer", () => {
  it.effect.each([
    ["1.0", 1],
    ["1e0", 1],
    ["10e-1", 1],
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740993", 9_007_199_254_740_992],
    ["1e-400", 0],
  ] as const)("that is written %s is %d", ([written, number]) =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => [exitOf(request, succeededWith(`{"a":${written}}`))])
      const ended = yield* operator.perform(creating, unobserved)
      assert.deepEqual<unknown>(ended.status === "Succeeded" && ended.properties, { a: number })
    }),
  )

  it.effect.each([
    [succeededWith(`{"a":{"b":[1e400]}}`), "properties"],
    [succeededWith("{}", "1e400"), "attempts"],
    [succeededWith("{}", "1.5"), "attempts"],
  ] as const)("that cannot be read fails its call, with the field: %s", ([value, field]) =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => [exitOf(request, value)])
      const error = yield* Effect.flip(operator.perform(creating, unobserved))
      assert.strictEqual(error._tag, "ProtocolError")
      assert.include(error.message, field)
    }),
  )

  it.effect("that an object has twice under one key is the last one", () =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => [exitOf(request, succeededWith(`{"a":1,"a":2}`))])
      const ended = yield* operator.perform(creating, unobserved)
      assert.deepEqual<unknown>(ended.status === "Succeeded" && ended.properties, { a: 2 })
    }),
  )
})

describe("an answer with several causes", () => {
  const fail = { _tag: "Fail", error: { _tag: "ProtocolError", message: "failed" } }
  const die = { _tag: "Die", defect: "died" }
  const interrupt = { _tag: "Interrupt", fiberId: null }

  it.effect.each([
    [[interrupt, die, fail], "Create: died"],
    [[interrupt, die], "Create: died"],
    [[fail, die], "failed"],
  ] as const)("%j says %s", ([cause, message]) =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) => [failure(request, ...cause)])
      assert.strictEqual((yield* Effect.flip(operator.perform(creating, unobserved))).message, message)
    }),
  )
})

describe("the Exit of a Watch", () => {
  it.effect("may come without a wait for the last Ack, in one write with the last Chunk", () =>
    Effect.gen(function* () {
      const operator = yield* handWrittenOperator((request) =>
        request.tag === "Watch"
          ? [`{"_tag":"Chunk","requestId":${request.id},"values":[${succeededWith("{}")}]}`, success(request, null)]
          : [success(request, { status: "InProgress", attempts: 1, requestId: "r" })],
      )
      const { observe, seen } = makeObserver()
      assert.deepInclude(yield* operator.perform(creating, observe), { status: "Succeeded" })
      assert.lengthOf(seen, 1)
    }),
  )
})
