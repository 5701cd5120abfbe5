/** From the tarballs alone, in an empty project: three clouds in one document, on emulators. */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { nodeWith } from "./npm.ts"
import { liveWithClouds } from "./packedCloudsLife.ts"
import { makeProject, type Tarball } from "./tarball.ts"

/** `packed` is asked when the tests run. */
export const testPackedClouds = (packed: () => Tarball) =>
  describe("an empty project that has installed the tarballs of formae and of both plugins", () => {
    let project: string

    beforeAll(async () => {
      project = await makeProject(packed(), "clouds", ...packed().plugins.map(({ tarball }) => tarball))
    }, 240_000)

    it("installs nothing with the plugins", async () => {
      const installed = await fs.readdir(join(project, "node_modules"))
      assert.sameMembers(
        installed.filter((name) => !name.startsWith(".")),
        ["@effect", "@formae", "@types", "effect", "formae", "re2js", "undici-types", "ws", "yaml"],
      )
    })

    it.live(
      "plans, applies and destroys three clouds once it is trusted, and refuses a plugin that was changed",
      () =>
        Effect.gen(function* () {
          const { live, refusal, run } = yield* liveWithClouds(project, (environment, args) =>
            nodeWith(
              { ...environment, XDG_STATE_HOME: join(project, "records") },
              project,
              join("node_modules", ".bin", "formae"),
              ...args,
            ),
          )

          const untrusted = yield* refusal("plan", "clouds.yaml")
          assert.match(untrusted, /The folder \S+clouds is not trusted/)
          assert.include(untrusted, "the plugin aws 0.2.0 for the namespace AWS")
          assert.include(untrusted, "the plugin azure 0.2.0 for the namespace Azure")
          yield* run("trust", ".")
          yield* live

          const entry = join(project, "node_modules", "@formae", "plugin-aws", "dist", "main.mjs")
          yield* Effect.promise(() => fs.appendFile(entry, "// changed\n"))
          const changed = yield* refusal("plan", "clouds.yaml")
          assert.include(
            changed,
            "the plugin aws 0.2.0 for the namespace AWS, changed since you trusted it: dist/main.mjs",
          )
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      { timeout: 120_000 },
    )
  })
