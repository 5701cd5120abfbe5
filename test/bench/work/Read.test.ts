import { assert, describe, it } from "@effect/vitest"
import { answerOf, checkAnswer, nextRequest } from "../../../scripts/bench/work/Read.ts"

describe("Read", () => {
  it("names another resource in each request", () => {
    assert.notStrictEqual(nextRequest().nativeId, nextRequest().nativeId)
  })

  it("accepts its own answer, and no answer to another request", () => {
    const request = nextRequest()
    checkAnswer(answerOf(request), request.nativeId)
    assert.throws(() => checkAnswer(answerOf(nextRequest()), request.nativeId), /another request/)
  })

  it("refuses requests and answers that lack a part", () => {
    const request = nextRequest()
    assert.throws(() => answerOf(null), /not a request/)
    assert.throws(() => answerOf({ ...request, targetConfig: {} }), /without a region/)
    const answer = answerOf(request)
    assert.throws(() => checkAnswer({ ...answer, status: "Failed" }, request.nativeId), /not an answer/)
    assert.throws(() => checkAnswer({ ...answer, properties: {} }, request.nativeId), /not the properties/)
    const tags = { owner: 1 }
    assert.throws(
      () => checkAnswer({ ...answer, properties: { ...answer.properties, tags } }, request.nativeId),
      /a tag/,
    )
  })
})
