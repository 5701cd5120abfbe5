import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { readText } from "../../../src/agent/index.ts"
import { writeResources } from "../../../src/cli/importing/writeResources.ts"

const bucket = {
  label: "logs",
  type: "AWS::S3::Bucket",
  target: "cloud",
  properties: { BucketName: "logs", Of: { $ref: "net.Id" }, Zip: "0123", Text: "a: b # c\nd" },
}
const secret = { type: "string", secret: true }

const write = (text: string, parameters = {}) =>
  Result.getOrElse(writeResources(text, { resources: [bucket], parameters }), (reason) => `refused: ${reason}`)

/** Each line that was there is there, in its order. */
const keepsLines = (before: string, after: string) => {
  const left = after.split("\n")
  for (const line of before.split("\n")) {
    const at = left.indexOf(line)
    assert.isAtLeast(at, 0, `${line} is gone from\n${after}`)
    left.splice(0, at + 1)
  }
}

const resourcesIn = (text: string): ReadonlyArray<{ readonly label: string }> => {
  const read = readText(text)
  assert.strictEqual(read._tag, "Success", text)
  return read._tag === "Success" ? (read.success.value as never)["resources"] : []
}

describe("a resource that is written into a document", () => {
  it("comes after the others, and each line stays as it was", () => {
    const before = [
      "# The shop.",
      "name:   shop    # spaced by hand",
      "targets:",
      "    cloud: { namespace: AWS,   config: {region: 'eu-west-1'} }",
      "resources:",
      "    # The first one.",
      "    -   label: net",
      "        type: AWS::EC2::VPC",
      "        target: cloud",
      "        properties: { CidrBlock: 10.0.0.0/16 }   # ours",
      "    # after the last one",
      "",
      "outputs: { id: 1 }",
      "",
    ].join("\n")
    const after = write(before)
    keepsLines(before, after)
    assert.deepEqual(
      resourcesIn(after).map(({ label }) => label),
      ["net", "logs"],
    )
    assert.deepEqual(resourcesIn(after)[1], bucket as never)
    assert.include(after, "      Of: { $ref: net.Id }\n")
  })

  it.each([
    ["an empty list", "targets: {}\nresources: []\n"],
    ["no list", "# a\ntargets: {}\n"],
    ["no end of line", "targets: {}\nresources:\n- {label: a, type: A::B::C, target: t}"],
    [
      "a block of text at the end",
      "targets: {}\nresources:\n  - label: a\n    type: A::B::C\n    target: t\n    properties:\n      T: |\n        x\n        y\n",
    ],
    ["items between brackets", "targets: {}\nresources: [{label: a, type: A::B::C, target: t}] # here\n"],
    ["a comma at the end", "targets: {}\nresources: [\n  {label: a, type: A::B::C, target: t},\n]\n"],
    ["nothing as its list", "targets: {}\nresources:\n# none\n"],
    ["lines of Windows", "targets: {}\r\nresources:\r\n  - label: a\r\n    type: A::B::C\r\n    target: t\r\n"],
    ["an anchor", "x: &a {label: a, type: A::B::C, target: t}\ntargets: {}\nresources:\n  - *a\n"],
  ])("fits into a document with %s", (_, before) => {
    const after = write(before)
    assert.notInclude(after, "refused")
    assert.deepEqual(resourcesIn(after).at(-1), bucket as never)
    assert.strictEqual(/[^\r]\n/.test(after), !before.includes("\r\n"))
  })

  it("is JSON in a document in JSON, with the indents that it has", () => {
    const before = '{\n    "targets": {},\n    "resources": [\n        { "label": "a" }\n    ]\n}\n'
    const after = write(before, { key: secret })
    assert.deepEqual(JSON.parse(after), {
      targets: {},
      resources: [{ label: "a" }, bucket],
      parameters: { key: secret },
    })
    assert.include(after, '        { "label": "a" },\n        {\n          "label": "logs",')
    assert.deepEqual(JSON.parse(write('{"targets":{},"resources":[]}', { key: secret })), {
      targets: {},
      resources: [bucket],
      parameters: { key: secret },
    })
  })

  it("brings its parameters with it, beside those that are there", () => {
    const before = "# top\nparameters:\n  cidr: { type: string } # ours\ntargets: {}\nresources: []\n"
    const after = write(before, { key: secret })
    keepsLines(before.replace("resources: []\n", ""), after)
    assert.include(after, "  key:\n    type: string\n    secret: true\ntargets: {}\n")
    assert.match(write("# top\ntargets: {}\n", { key: secret }), /^# top\nparameters:\n {2}key:\n/)
  })

  it("is refused where the document has no list of its own", () => {
    assert.include(write("targets: {}\nresources: { $file: x }\n"), "refused: ")
    assert.include(write("- a\n"), "refused: ")
    assert.include(write("a: [\n"), "refused: ")
  })
})
