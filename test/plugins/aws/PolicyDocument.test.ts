import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fromText, toText } from "../../../plugins/aws/src/PolicyDocument.ts"

const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Resource: "a%b" }] }

describe("a policy that a service returns", () => {
  it.effect.each([toText(document), encodeURIComponent(toText(document)), ` ${toText(document)}`])(
    "is read from %s",
    (text) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* fromText(text), document)
      }),
  )

  it.effect.each([undefined, "", "%", "[]", "%7B", "{"])(
    "that is not a JSON object is an error of the service: %j",
    (text) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* Effect.flip(fromText(text))).code, "GeneralServiceException")
      }),
  )
})
