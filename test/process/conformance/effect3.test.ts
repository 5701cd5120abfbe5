/** The plugin on Effect 3, from PROTOCOL.md and without the SDK, does what the protocol says. */
import { afterAll, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { installEffect3, makeFolder, removeFolder } from "../npm.ts"
import { needsRegistry } from "../registry.ts"
import { conforms } from "./conforms.ts"

const folder = await makeFolder()
let plugin = ""
afterAll(() => removeFolder(folder))

describe("the plugin of plugins/effect-3", needsRegistry, () => {
  beforeAll(async () => {
    plugin = await installEffect3(folder)
  }, 180_000)

  it.live("conforms", () => Effect.suspend(() => conforms({ directory: plugin }, { types: 2 })))
})
