import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Arbitrary from "effect/Arbitrary"
import { checksumOf, isDamaged } from "../../../src/agent/store/RowChecksum.ts"

const Value = Schema.Union([Schema.String, Schema.Int, Schema.Null])
const ARow = Schema.Record(Schema.String.check(Schema.isPattern(/^[a-z_]{1,8}$/)), Value)

const flipped = (text: string, at: number): string => {
  const bytes = Buffer.from(text, "utf16le")
  const bit = at % (bytes.length * 8)
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return bytes.toString("utf16le")
}

describe("the checksum of a row", () => {
  it("is that of earlier versions: a CRC-32 of pairs in JSON", () => {
    assert.strictEqual(checksumOf({}), "0d4cbb29")
    assert.strictEqual(checksumOf({ native_id: "vpc-1", label: "web", place: null, sent: 1 }), "b66e3015")
    assert.strictEqual(checksumOf({ b: "\ud800\u00e9\u{1f468}", 'a"': 2n, checksum: "old" }), "6a04defe")
  })

  it.prop("does not depend on the order of columns, on null, or on how a driver gives numbers", [ARow], ([row]) => {
    const reversed = Object.fromEntries(Object.entries(row).toReversed())
    const asText = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? String(value) : value]),
    )
    for (const same of [reversed, asText, { ...row, added_later: null }, { ...row, checksum: "any" }]) {
      assert.strictEqual(checksumOf(same), checksumOf(row))
    }
  })

  it.prop(
    "shows each flipped bit of a text",
    [Schema.NonEmptyString, Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100_000 })))],
    ([text, at]) => {
      const row = { label: "web", native_id: text, sent: 1 }
      const stored = { ...row, checksum: checksumOf(row) }
      const damaged = { ...stored, native_id: flipped(text, at) }
      // A lone surrogate has no bytes of its own in UTF-8, and so none that can be flipped.
      return isDamaged(damaged) || !damaged.native_id.isWellFormed() || !text.isWellFormed()
    },
    { arbitrary: { runs: 2_000 } },
  )

  it("shows that values have changed places, and accepts a row that has none", () => {
    const row = { actual: "{}", desired: "[]" }
    const checksum = checksumOf(row)
    assert.isFalse(isDamaged({ ...row, checksum }))
    assert.isTrue(isDamaged({ actual: "[]", desired: "{}", checksum }))
    assert.isTrue(isDamaged({ ...row, checksum: "00000000" }))
    assert.isFalse(isDamaged({ ...row, checksum: null }))
  })
})
