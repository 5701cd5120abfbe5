import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { DocumentReads } from "../../../src/agent/forma/template/DocumentInputs.ts"
import { documentSupply } from "../../../src/cli/trust/documentSupply.ts"

const reads = (name: string, zone = "a"): DocumentReads => ({
  variables: ["KEY"],
  files: [],
  targets: { cloud: { namespace: "FakeAWS" } },
  parts: [
    {
      name,
      document: "./net.yaml",
      targets: { far: { config: { zone: { $param: "zone" }, key: { $param: "key" } } } },
      parameters: { zone, key: { $secret: "canary" } },
    },
  ],
  targetParameters: {},
  declared: [],
})

describe("what a document with parts supplies", () => {
  it.effect("is shown with the name of each part and its file, and without secrets", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* documentSupply("/app.yaml", reads("outer.net"), {}).details, [
        "sends these environment variables to its targets:",
        "  KEY",
        "has these targets:",
        '  cloud.namespace: "FakeAWS"',
        "has these targets in its part outer.net (./net.yaml):",
        '  far.config.zone: {"$param":"zone"}',
        '  far.config.key: {"$param":"key"}',
        "gives its part outer.net (./net.yaml) these values for them:",
        '  zone: "a"',
        "  key: (secret)",
      ])
    }),
  )

  it.effect("is another one where a part sends elsewhere, and not where it has another name", () =>
    Effect.gen(function* () {
      const sums = (one: DocumentReads) => documentSupply("/app.yaml", one, {}).sums
      const before = yield* sums(reads("net"))
      assert.deepEqual(yield* sums(reads("web")), before)
      assert.notDeepEqual(yield* sums(reads("net", "b")), before)
    }),
  )
})
