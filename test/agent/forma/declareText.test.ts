import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Forma } from "../../../src/agent/forma/Forma.ts"
import { parseText } from "../../../src/agent/forma/TextTemplate.ts"
import { typedResource } from "../../../src/protocol/TypedResource.ts"

interface BoxProperties {
  readonly Name: string
  readonly Lines?: ReadonlyArray<string>
}

interface BoxAttributes extends Required<BoxProperties> {
  readonly Id: string
  readonly Size: number
}

const Box = typedResource<BoxProperties, BoxAttributes, { readonly host: string }>("Suite::Of::Box")
const here = Forma.target(Box, { label: "here", config: { host: "local" } })
const box = Forma.resource(Box, { label: "box", target: here, properties: { Name: "box" } })

/** As the forma has it. */
const written = (text: ReturnType<typeof Forma.text>) =>
  Effect.gen(function* () {
    const other = Forma.resource(Box, {
      label: "other",
      target: here,
      properties: { Name: text, Lines: ["plain", text] },
      dependsOn: [box],
    })
    const forma = yield* Forma.make({
      name: "boxes",
      targets: [here],
      resources: [box, other],
      outputs: { said: text, id: box.ref("Id") },
    })
    const [, resource] = forma.resources
    assert.deepEqual(resource?.dependsOn, ["box"])
    assert.deepEqual<unknown>(resource?.properties?.["Lines"], ["plain", resource?.properties?.["Name"]])
    assert.deepEqual<unknown>(forma.outputs, { said: resource?.properties?.["Name"], id: { $ref: "box.Id" } })
    return resource?.properties?.["Name"]
  })

const secret = "canary-${box.Id}"

describe("a text in code", () => {
  it.effect.each<[what: string, text: ReturnType<typeof Forma.text>, says: unknown]>([
    ["has references", Forma.text`${box.ref("Id")}-of-${box.ref("Size")}`, { $text: "${box.Id}-of-${box.Size}" }],
    ["has values", Forma.text`${1}${true}/${"a"}`, { $text: "1true/a" }],
    ["has other texts", Forma.text`<${Forma.text`$${box.ref("Id")}`}>`, { $text: "<$$${box.Id}>" }],
    ["may be empty", Forma.text``, { $text: "" }],
    [
      "reads no reference in what is put in",
      Forma.text`${"${box.Id}"}\${box.Id}$${"{x}"}`,
      { $text: "$${box.Id}$${box.Id}$${x}" },
    ],
    [
      "is secret where a part is",
      Forma.text`pw:${Redacted.make(secret)}`,
      { $secret: { $text: "pw:canary-$${box.Id}" } },
    ],
    [
      "is secret where a text in it is",
      Forma.text`${box.ref("Id")} ${Forma.text`${Redacted.make("canary")}`}`,
      { $secret: { $text: "${box.Id} canary" } },
    ],
  ])("%s", ([, text, says]) =>
    Effect.gen(function* () {
      assert.deepEqual<unknown>(yield* written(text), says)
    }),
  )

  it("is read as the values that were put in", () => {
    const { $text } = Forma.text`a${"$"}${box.ref("Id")}${"${"}` as unknown as { readonly $text: string }
    const read = parseText($text)
    assert.deepEqual(read._tag === "Success" && read.success, [
      { _tag: "Literal", text: "a$" },
      { _tag: "Value", path: ["box", "Id"] },
      { _tag: "Literal", text: "${" },
    ])
  })
})
