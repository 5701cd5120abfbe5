/** What depends on a part as a whole. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { mistakesInApp, readApp } from "./parts.ts"

const targets = "targets: { cloud: { namespace: FakeAWS } }\n"
const net = (label: string, more = "") =>
  `  - { label: ${label}, type: FakeAWS::EC2::VPC, target: cloud${more}, properties: {} }\n`

const files = (dependsOn: string) => ({
  "app.yaml": `${targets}use: { outer: { document: outer.yaml, prefix: "" }, none: { document: none.yaml } }
resources:
${net("it", `, dependsOn: ${dependsOn}`)}${net("other")}`,
  "outer.yaml": `use: { inner: { document: inner.yaml } }
resources:
${net("a", ", dependsOn: [inner]")}${net("b")}`,
  "inner.yaml": `resources:\n${net("c")}${net("d", ", dependsOn: [c]")}`,
  "none.yaml": "resources: []\n",
})

const dependenciesIn = (dependsOn: string) =>
  Effect.map(readApp(files(dependsOn)), ({ forma }) =>
    Object.fromEntries(forma.resources.map((one) => [one.label, one.dependsOn])),
  )

describe("a resource that depends on a part", () => {
  it.effect("depends on all that is in it and in its own parts", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* dependenciesIn("[outer, other]"), {
        it: ["a", "other", "b", "inner-c", "inner-d"],
        other: undefined,
        a: ["inner-c", "inner-d"],
        b: undefined,
        "inner-c": undefined,
        "inner-d": ["inner-c"],
      })
    }),
  )

  it.effect("depends on nothing where nothing is in it", () =>
    Effect.gen(function* () {
      assert.deepEqual((yield* dependenciesIn("[none]"))["it"], [])
    }),
  )

  it.effect("is refused with its place where there is no such part, and where the part depends on it", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesInApp(files("[outr]")), [
        "4:70 resources[0].dependsOn[0]: there is no resource or part with the name outr to depend on; did you mean the part outer?",
      ])
      // Its place is the one that it has in the text, although the part before it has two labels.
      assert.deepEqual(yield* mistakesInApp(files("[outer, othr]")), [
        "4:77 resources[0].dependsOn[1]: there is no resource with the label othr to depend on; did you mean other?",
      ])
      const circle = {
        "app.yaml": `${targets}use: { p: { document: p.yaml, parameters: { id: { $ref: it.VpcId } } } }
resources:\n${net("it", ", dependsOn: [p]")}`,
        "p.yaml": `parameters: { id: { type: string } }
resources: [{ label: a, type: FakeAWS::EC2::VPC, target: cloud, properties: { Of: { $param: id } } }]
`,
      }
      const said = yield* mistakesInApp(circle)
      assert.lengthOf(said, 1)
      assert.match(said[0] ?? "", /^4:5 resources\[0\]: these resources need each other.*\bp-a\b/)
    }),
  )
})
