import { assert, describe, it } from "@effect/vitest"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { importsOf, removeInnerDeclarations } from "../../scripts/release/publicDeclarations.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"

describe("the declarations of a package", () => {
  it("lead to what they import, export, and name in a type", () => {
    const declaration = [
      `import type { A } from "./A.ts"`,
      `import "../B.js"`,
      `export * from './c/C.ts'`,
      `export declare const d: import("./D.ts").D`,
      `import * as Effect from "effect/Effect"`,
    ].join("\n")
    assert.deepEqual(importsOf(declaration), ["./A.ts", "../B.js", "./c/C.ts", "./D.ts"])
  })

  it.effect("are those that its exports lead to, by whatever way", () =>
    Effect.gen(function* () {
      const root = yield* temporaryFolder
      const files = {
        "dist/index.d.ts": `export * from "./agent/Agent.ts"`,
        "dist/agent/Agent.d.ts": `export type Agent = import("./Plan.js").Plan`,
        "dist/agent/Plan.d.ts": `export * from "../index.ts"`,
        "dist/agent/Inner.d.ts": `export * from "./Plan.ts"`,
        "dist/agent/Inner.js": "",
      }
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, file)), { recursive: true })
        writeFileSync(join(root, file), text)
      }
      const exports = { ".": { "formae-source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/x.js" } }
      yield* removeInnerDeclarations(root, { ...exports, "./package.json": "./package.json" })
      assert.deepEqual(readdirSync(join(root, "dist/agent")).toSorted(), ["Agent.d.ts", "Inner.js", "Plan.d.ts"])
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
