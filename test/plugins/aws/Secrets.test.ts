import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { layerPlayed, operationsOf } from "./fakeClients.ts"

const quoting = (value: string) => () => {
  throw Object.assign(new Error(`The value ${value} does not match`), { name: "ParameterPatternMismatchException" })
}

describe("a secret that a service quotes", () => {
  const { create, update } = operationsOf("AWS::SSM::Parameter")
  const parameter = { Name: "key", Type: "SecureString", Value: "hunter2" }

  it.effect("is not in the failure of a create or an update", () =>
    Effect.gen(function* () {
      const ssm = {
        putParameter: quoting("hunter2"),
        describeParameters: () => ({ Parameters: made ? [{ Name: "key" }] : [] }),
        listTagsForResource: () => ({}),
      }
      let made = false
      const created = yield* Effect.flip(create(parameter).pipe(Effect.provide(layerPlayed({ ssm }))))
      made = true
      const updated = yield* Effect.flip(update("key", parameter).pipe(Effect.provide(layerPlayed({ ssm }))))
      for (const error of [created, updated]) {
        assert.strictEqual(error.code, "InvalidRequest")
        assert.include(error.message, "The value <redacted> does not match")
      }
    }),
  )

  it.effect("is not there by its first line either", () =>
    Effect.gen(function* () {
      const Value = "hunter2 first\nhunter2 second"
      const ssm = { describeParameters: () => ({}), putParameter: quoting(Value) }
      const error = yield* Effect.flip(create({ ...parameter, Value }).pipe(Effect.provide(layerPlayed({ ssm }))))
      assert.notInclude(error.message, "hunter2")
    }),
  )
})
