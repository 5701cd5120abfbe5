import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue, formatPath } from "../../src/protocol/Issue.ts"

const secret = "hunter2"

const Login = Schema.Struct({
  Name: Schema.String.check(Schema.isMinLength(10)),
  Kind: Schema.Literals(["user", "role"]),
  Port: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 })),
  Keys: Schema.Array(Schema.Struct({ Value: Schema.NonEmptyString })),
  Either: Schema.Union([Schema.Struct({ A: Schema.String }), Schema.Struct({ B: Schema.Int })]),
  Brand: Schema.String.check(Schema.isPattern(/^b-/)).pipe(Schema.brand("B")),
  Date: Schema.DateFromString,
  Map: Schema.Record(Schema.String, Schema.Int),
  Tuple: Schema.Tuple([Schema.String, Schema.Int]),
})
const valid = {
  Name: "a long name",
  Kind: "user",
  Port: 3,
  Keys: [],
  Either: { A: "a" },
  Brand: "b-1",
  Date: "2026-01-01",
  Map: {},
  Tuple: ["a", 1],
}
const decode = Schema.decodeUnknownEffect(Login, { errors: "all", onExcessProperty: "error" })

describe("a schema issue as a sentence", () => {
  it.effect.each<[Readonly<Record<string, unknown>>, string]>([
    [{ Name: secret }, "Name: "],
    [{ Kind: secret }, "Kind: "],
    [{ Port: secret }, "Port: "],
    [{ Keys: secret }, "Keys: "],
    [{ Keys: [{ Value: "a" }, { Value: { [secret]: secret } }] }, "Keys[1].Value: "],
    [{ Either: { A: 1, C: secret } }, "Either"],
    [{ Either: secret }, "Either: "],
    [{ Brand: secret }, "Brand: "],
    [{ Date: secret }, "Date: "],
    [{ Map: { a: secret } }, "Map.a: "],
    [{ Tuple: [secret, secret] }, "Tuple[1]: "],
    [{ Tuple: ["a", 1, secret] }, "Tuple[2]: "],
    [{ Extra: secret }, "Extra: "],
    [{ Extra: { deep: [secret] } }, "Extra: "],
  ])("says where, and never shows the value: %j", ([wrong, start]) =>
    Effect.gen(function* () {
      const { issue } = yield* Effect.flip(decode({ ...valid, ...wrong }))
      const text = describeIssue(issue)
      assert.isTrue(text.startsWith(start), text)
      assert.notInclude(text, secret)
    }),
  )

  it.effect("names everything that is wrong", () =>
    Effect.gen(function* () {
      const { issue } = yield* Effect.flip(decode({ ...valid, Kind: 1, Port: secret }))
      assert.match(describeIssue(issue), /^Kind: .*; Port: /)
    }),
  )

  it.effect("has no path at the root", () =>
    Effect.gen(function* () {
      const { issue } = yield* Effect.flip(decode(secret))
      const text = describeIssue(issue)
      assert.isFalse(text.startsWith(":"), text)
      assert.notInclude(text, secret)
    }),
  )

  it("writes a path as a program would", () => {
    assert.deepEqual([[], ["a"], ["a", "b"], ["a", 2, "b"], [0], ["a", Symbol.for("s")]].map(formatPath), [
      "",
      "a",
      "a.b",
      "a[2].b",
      "[0]",
      "a.Symbol(s)",
    ])
  })
})
