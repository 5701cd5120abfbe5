import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { formatText, parseText, type TextPart } from "../../../src/agent/forma/TextTemplate.ts"

const literal = (text: string): TextPart => ({ _tag: "Literal", text })
const value = (first: string, second: string, ...rest: ReadonlyArray<string>): TextPart => ({
  _tag: "Value",
  path: [first, second, ...rest],
})

describe("parseText", () => {
  it.each<[string, ReadonlyArray<TextPart>]>([
    ["", []],
    ["plain $5 {x} }", [literal("plain $5 {x} }")]],
    ["arn:aws:s3:::${assets.BucketName}/*", [literal("arn:aws:s3:::"), value("assets", "BucketName"), literal("/*")]],
    ["${a.b}${c-1.d.e}", [value("a", "b"), value("c-1", "d", "e")]],
    ["${ a.b }", [value("a", "b")]],
    ["$${aws:username}", [literal("${aws:username}")]],
    ["$$${a.b}", [literal("$"), value("a", "b")]],
    ["$$$${a.b}", [literal("$${a.b}")]],
    ["a$", [literal("a$")]],
  ])("reads %j", (text, parts) => {
    assert.deepEqual(parseText(text), Result.succeed(parts))
  })

  it.each([
    ["a${net.VpcId", 1, "the ${ at character 2 is not closed by a }; write $${ where ${ should be in the text"],
    [
      "${}",
      0,
      "the ${ at character 1 has no value such as net.VpcId or param.NAME up to its }; write $${ where ${ should be in the text",
    ],
    ["$$${net}", 2, "the ${ at character 3 has no value"],
    ["${net.}", 0, "has no value"],
    ["${.VpcId}", 0, "has no value"],
    ["${1net.VpcId}", 0, "has no value"],
    ["${aws:username}", 0, "has no value"],
    ["${net.${a.b}}", 0, "has no value"],
    ["${net. VpcId}", 0, "has no value"],
  ])("refuses %j", (text, offset, message) => {
    const problem = Result.merge(parseText(text))
    assert.deepInclude(problem, { offset })
    assert.include("message" in problem ? problem.message : "", message)
  })

  const Part = Schema.Union([
    Schema.Array(Schema.Literals(["$", "{", "}", "a", "."])),
    Schema.Struct({ label: Schema.Literals(["a", "_b-1"]), property: Schema.Literals(["Arn", "b-c"]) }),
  ])

  it.prop("reads what formatText writes", [Schema.Array(Part)], ([given]) => {
    const parts = given.map((one) => ("label" in one ? value(one.label, one.property) : literal(one.join(""))))
    const joined: Array<TextPart> = []
    for (const part of parts) {
      const last = joined.at(-1)
      if (part._tag === "Literal" && last?._tag === "Literal")
        joined[joined.length - 1] = literal(last.text + part.text)
      else if (part._tag === "Value" || part.text !== "") joined.push(part)
    }
    assert.deepEqual(parseText(formatText(parts)), Result.succeed(joined))
  })
})
