/** Plugins whose schemas and patterns ask for more than can be done. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { makeFolder } from "./formaeCommand.ts"

const exhibit = (name: string) => fileURLToPath(new URL(`../fixtures/plugins/museum/${name}`, import.meta.url))

const document = (namespace: string, name: string) => `targets: { here: { namespace: ${namespace} } }
resources:
  - { label: one, type: "${namespace}::Of::Thing", target: here, properties: { Name: ${name} } }
  - { label: two, type: "${namespace}::Of::Thing", target: here, properties: { Name: ${name} } }
`

describe("P15: a plugin whose pattern never ends", () => {
  it.live("has its pattern checked before anything is done", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      const plugins = ["--plugins", exhibit("sends-a-pattern-that-never-ends")]
      write("wrong.yaml", document("NeverEnds", `${"a".repeat(10_000)}b`))
      const refused = yield* formae("plan", "wrong.yaml", ...plugins)
      assert.strictEqual(refused.code, 2, refused.stderr)
      assert.include(refused.stderr, "resources[0].properties.Name: Expected a string matching the RegExp ^(a+)+$")
      write("right.yaml", document("NeverEnds", "a".repeat(10_000)))
      const planned = yield* formae("plan", "right.yaml", ...plugins)
      assert.strictEqual(planned.code, 0, planned.stderr)
    }),
  )
})

describe("P15: a plugin whose schema never ends", () => {
  it.live.each<readonly [string, string]>([
    ["sends-a-schema-that-doubles", "Doubles"],
    ["sends-a-schema-in-a-circle", "Circles"],
    ["sends-a-schema-of-many-names", "ManyNames"],
  ])("is warned of once, and checks by itself: %s", ([name, namespace]) =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", document(namespace, "a"))
      const planned = yield* formae("plan", "shop.yaml", "--plugins", exhibit(name))
      assert.strictEqual(planned.code, 0, planned.stderr)
      const warning = `The schema of ${namespace}::Of::Thing takes too much work to check, and was given up at properties.Name`
      assert.lengthOf(planned.stderr.split(warning), 2, planned.stderr)
      const applied = yield* formae("apply", "shop.yaml", "--plugins", exhibit(name))
      assert.strictEqual(applied.code, 1, applied.stderr)
      assert.lengthOf(applied.stderr.split(warning), 2, applied.stderr)
      assert.include(applied.stdout, "Name: the plugin's own check")
    }),
  )
})
