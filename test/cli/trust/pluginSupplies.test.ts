import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { realpathSync } from "node:fs"
import { pluginSupplies } from "../../../src/cli/trust/pluginSupplies.ts"
import { makeFolder } from "./folder.ts"

const manifest = {
  name: "it",
  namespace: "It",
  version: "1.0.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "main.mjs",
  environment: [],
}

/** The lines with which a plugin of this manifest is shown. */
const shownOf = (fields: object) =>
  Effect.gen(function* () {
    const { at, layer, write } = yield* makeFolder
    write(".formae/plugins/it/formae-plugin.json", JSON.stringify({ ...manifest, ...fields }))
    write(".formae/plugins/it/main.mjs", "")
    const supplies = yield* Effect.provide(pluginSupplies(realpathSync(at("."))), layer)
    const lines = yield* Effect.forEach(supplies, ({ details, title }) =>
      Effect.map(details, (more) => [title, ...more]),
    )
    return lines.flat()
  })

describe("a plugin of a folder", () => {
  it.live("is shown in a few short lines, whatever its manifest says", () =>
    Effect.gen(function* () {
      const shown = yield* shownOf({
        name: "a".repeat(100_000),
        namespace: "N".repeat(100_000),
        version: `1.0.0-${"v".repeat(100_000)}`,
        environment: [...Array.from({ length: 5_000 }, (_, index) => `A_${index}`), "B".repeat(100_000)],
      })
      assert.lengthOf(shown, 4)
      for (const line of shown) assert.isBelow(line.length, 3_000)
      assert.match(shown[2] ?? "", /^sees the environment variables A_0, .*, A_9 and 4991 more$/)
    }),
  )
})
