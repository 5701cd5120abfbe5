import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readSamples } from "../../../../src/testing/conformance/index.ts"

const complaints = (text: string) =>
  Effect.map(Effect.flip(readSamples(text, "formae-samples.yaml")), ({ message }) => message.split("\n"))

describe("samples", () => {
  it.effect("are read with all that they can say", () =>
    Effect.gen(function* () {
      const samples = yield* readSamples(
        `
config: { endpoint: "http://localhost" }
target: { region: here }
setup:
  - { label: net, type: Fake::Net::Vpc, properties: { Cidr: 10.0.0.0/16 } }
  - { label: part-0, type: Fake::Net::Part, properties: { VpcId: { $ref: net.Id } } }
samples:
  - type: Fake::Net::Block
    target: { region: there }
    properties: { Name: "{{unique}}", PartId: { $ref: "part-{{number}}.Id" } }
    update: { Size: 2, Old: null }
    createOnly: { Name: "{{ unique }}-b" }
    slow: { target: { slow: true }, properties: { Path: "{{folder}}/x" } }
`,
        "formae-samples.yaml",
      )
      assert.deepEqual(
        samples.samples.map(({ type }) => String(type)),
        ["Fake::Net::Block"],
      )
      assert.lengthOf(samples.setup ?? [], 2)
    }),
  )

  it.effect.each([
    ["", ["formae-samples.yaml:1:1 the file is empty; it needs samples"]],
    ["samples: [", /^formae-samples\.yaml:1:\d+ /],
    [
      "sample: []",
      ["formae-samples.yaml:1:1 sample: there is no such field", "formae-samples.yaml:1:1 samples: is missing"],
    ],
    [
      "samples:\n  - type: Nothing\n    properties: {}",
      ["formae-samples.yaml:2:5 samples[0].type: Expected a resource type such as AWS::S3::Bucket"],
    ],
    [
      "samples:\n  - { type: A::B::C, properties: {} }\n  - { type: A::B::C, properties: {} }",
      ["formae-samples.yaml:3:7 samples[1].type: there already is a sample of A::B::C"],
    ],
    [
      'samples:\n  - { type: A::B::C, properties: { Name: "{{uniqe}}" } }',
      [
        "formae-samples.yaml:2:36 samples[0].properties.Name: there is no {{uniqe}}; the known ones are: {{unique}}, {{number}}, {{folder}}",
      ],
    ],
    [
      "samples:\n  - { type: A::B::C, properties: { Id: { $ref: net.Id } } }",
      [
        "formae-samples.yaml:2:36 samples[0].properties.Id: there is no resource net in setup to refer to, or not before this one",
      ],
    ],
    [
      "setup:\n  - { label: a, type: A::B::C, properties: {} }\n  - { label: a, type: A::B::C, properties: {} }\nsamples: []",
      ["formae-samples.yaml:3:7 setup[1].label: the label a is taken"],
    ],
  ] as const)("are refused with their place: %j", ([text, expected]) =>
    Effect.gen(function* () {
      const found = yield* complaints(text)
      if (expected instanceof RegExp) assert.match(found[0] ?? "", expected)
      else assert.sameMembers(found, [...expected])
    }),
  )
})
