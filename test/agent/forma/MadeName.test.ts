import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { lacksName, makeName, withMadeName } from "../../../src/agent/forma/MadeName.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"
import { Naming } from "../../../src/protocol/Naming.ts"
import { thing } from "../plan/capabilities.ts"

const id = (text: string) => OperationId.make(text)
const first = id("0190a7e2-1111-7000-8000-0000000000aa")
const second = id("0190a7e2-1111-7000-8000-0000000000ab")
const bucket: Naming = { property: "Name", letters: "lower", separator: "-", maxLength: 63 }

const Hex = Schema.String.check(Schema.isPattern(/^[0-9a-f]{15}$/u))
const Rule = Schema.Struct({
  letters: Naming.fields.letters,
  separator: Schema.Literals(["", "-", "_", "."]),
  maxLength: Schema.Int.check(Schema.isBetween({ minimum: 24, maximum: 120 })),
  prefix: Schema.Literals(["", "p-"]),
  ending: Schema.Literals(["", ".fifo"]),
  reserved: Schema.Literals(["", "a"]),
})

describe("a name that is made", () => {
  it.prop(
    "keeps to its rule, whatever the document and the label are called, and differs for two operations",
    [Rule, Schema.String, Schema.String, Hex, Hex],
    ([{ ending, prefix, reserved, ...rule }, forma, label, one, other]) => {
      const naming: Naming = {
        ...rule,
        property: "Name",
        prefix,
        reserved: reserved === "" ? [] : [reserved],
        endings: [{ property: "Fifo", value: true, ending }],
      }
      const nameFor = (operation: string, properties = {}) =>
        makeName(naming, { forma, label, operationId: id(`0190a7e2-0000-7000-${operation}`) }, properties)
      const letters = rule.letters === "lower" ? "a-z" : "A-Za-z"
      const separator = rule.separator === "." ? "\\." : rule.separator
      const shape = (end: string) =>
        new RegExp(`^${prefix}[${letters}](?:${separator === "" ? "" : `${separator}?`}[${letters}0-9])*${end}$`, "u")
      for (const [name, end] of [
        [nameFor(one), ""],
        [nameFor(one, { Fifo: true }), ending.replace(".", "\\.")],
      ] as const) {
        assert.match(name, shape(end))
        assert.isAtMost(name.length, rule.maxLength)
        if (reserved !== "" && prefix === "") assert.isFalse(name.toLowerCase().startsWith(reserved), name)
      }
      assert.strictEqual(nameFor(one), nameFor(one), "an operation that is sent again has the same name")
      if (one !== other) assert.notStrictEqual(nameFor(one), nameFor(other))
    },
  )

  it("says where it comes from, as far as there is room", () => {
    const made = (naming: Partial<Naming>, forma: string, label: string) =>
      makeName({ ...bucket, ...naming }, { forma, label, operationId: first }, {})
    assert.match(made({}, "Gallery", "pictures"), /^gallery-pictures-[0-9a-z]{12}$/)
    assert.match(made({ letters: "any" }, "Gallery@prod", "Holiday_Pictures"), /^Gallery-prod-Holiday-Pictures-/)
    assert.match(made({ separator: "", maxLength: 24 }, "gallery", "pictures"), /^gallepicture?s?[0-9a-z]{12}$/)
    assert.match(made({ maxLength: 30 }, "a-very-long-document", "pictures"), /^a-very-pictures-/)
    assert.match(made({}, "Crème brûlée", "x"), /^creme-brulee-x-/)
    assert.match(made({}, "2026", "_1"), /^x-[0-9a-z]{12}$/)
    assert.match(made({ reserved: ["sg-"] }, "sg-group", "a"), /^xsg-group-a-/)
  })

  it("differs for operations that follow each other", () => {
    const [one, other] = [first, second].map((operationId) =>
      makeName(bucket, { forma: "a", label: "b", operationId }, {}),
    )
    assert.notStrictEqual(one, other)
  })

  it("is put only where a type has a rule and the document has no name", () => {
    const operation = { forma: "a", label: "b", operationId: first }
    assert.deepEqual(withMadeName({ Size: 1 }, thing, operation), { Size: 1 })
    assert.deepEqual(withMadeName({ Name: "given" }, { naming: bucket }, operation), { Name: "given" })
    assert.isTrue(lacksName({ naming: bucket }, { Size: 1 }))
    assert.hasAllKeys(withMadeName({ Size: 1 }, { naming: bucket }, operation), ["Size", "Name"])
  })

  it("has a rule that leaves room for what makes it unique", () => {
    const decode = Schema.decodeUnknownResult(Naming)
    assert.strictEqual(decode(bucket)._tag, "Success")
    assert.strictEqual(decode({ ...bucket, maxLength: 15 })._tag, "Failure")
    const ending = [{ property: "Fifo", value: true, ending: ".fifo" }]
    assert.strictEqual(decode({ ...bucket, maxLength: 20, endings: ending })._tag, "Failure")
  })
})
