/** From the tarballs alone, in an empty project: three clouds in one document, on emulators. */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { threeClouds } from "../sdk/emulators/threeClouds.ts"
import { failureOf, nodeWith } from "./npm.ts"
import { makeProject, type Tarball } from "./tarball.ts"

/** `packed` is asked when the tests run. */
export const testPackedClouds = (packed: () => Tarball) =>
  describe("an empty project that has installed the tarballs of formae and of both plugins", () => {
    let project: string

    beforeAll(async () => {
      project = await makeProject(packed(), "clouds", ...packed().plugins.map(({ tarball }) => tarball))
    }, 240_000)

    const formae = (environment: Readonly<Record<string, string>>, ...args: ReadonlyArray<string>) =>
      nodeWith(
        { ...environment, XDG_STATE_HOME: join(project, "records") },
        project,
        join("node_modules", ".bin", "formae"),
        ...args,
      )

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
          const { document, environment } = yield* threeClouds
          const run = (...args: ReadonlyArray<string>) => Effect.promise(() => formae(environment, ...args))
          const refusal = (...args: ReadonlyArray<string>) =>
            Effect.promise(() => failureOf(formae(environment, ...args)))
          yield* Effect.promise(() => fs.writeFile(join(project, "clouds.yaml"), document))

          const untrusted = yield* refusal("plan", "clouds.yaml")
          assert.match(untrusted, /The folder \S+clouds is not trusted/)
          assert.include(untrusted, "the plugin aws 0.2.0 for the namespace AWS")
          assert.include(untrusted, "the plugin azure 0.2.0 for the namespace Azure")
          yield* run("trust", ".")

          assert.include((yield* run("plan", "clouds.yaml")).stdout, "10 to create")
          const applied = JSON.parse((yield* run("apply", "clouds.yaml", "--json")).stdout)
          assert.strictEqual(applied.status, "succeeded")
          assert.lengthOf(applied.resources, 10)
          const again = JSON.parse((yield* run("apply", "clouds.yaml", "--json")).stdout)
          const operations = again.resources.map(({ operation }: { readonly operation: string }) => operation)
          assert.deepEqual([...new Set(operations)], ["noop"])
          yield* run("destroy", "clouds.yaml")

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
