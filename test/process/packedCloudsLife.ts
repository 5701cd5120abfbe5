/** The life of three clouds, with a formae that was installed from its tarball. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { threeClouds } from "../sdk/emulators/threeClouds.ts"
import { failureOf } from "./npm.ts"

type Formae = (
  environment: Readonly<Record<string, string>>,
  args: ReadonlyArray<string>,
) => Promise<{ readonly stdout: string }>

/** Starts the emulators, and writes the document into `folder`, in which `formae` runs the command. */
export const liveWithClouds = Effect.fnUntraced(function* (folder: string, formae: Formae) {
  const { document, environment } = yield* threeClouds
  const run = (...args: ReadonlyArray<string>) => Effect.promise(() => formae(environment, args))
  yield* Effect.promise(() => fs.writeFile(join(folder, "clouds.yaml"), document))
  return {
    run,
    /** The words with which the command fails. */
    refusal: (...args: ReadonlyArray<string>) => Effect.promise(() => failureOf(formae(environment, args))),
    /** Plans, applies, applies again and destroys. */
    live: Effect.gen(function* () {
      assert.include((yield* run("plan", "clouds.yaml")).stdout, "10 to create")
      const applied = JSON.parse((yield* run("apply", "clouds.yaml", "--json")).stdout)
      assert.strictEqual(applied.status, "succeeded")
      assert.lengthOf(applied.resources, 10)
      const again = JSON.parse((yield* run("apply", "clouds.yaml", "--json")).stdout)
      const operations = again.resources.map(({ operation }: { readonly operation: string }) => operation)
      assert.deepEqual([...new Set(operations)], ["noop"])
      const destroyed = JSON.parse((yield* run("destroy", "clouds.yaml", "--json")).stdout)
      assert.strictEqual(destroyed.status, "succeeded")
      assert.lengthOf(destroyed.resources, 10)
    }),
  }
})
