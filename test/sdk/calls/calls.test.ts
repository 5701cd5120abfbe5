/** How many calls the AWS plugin makes: for each type exactly, and for the commands on one document at most. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { AwsEmulator, onMoto } from "../aws/AwsEmulator.ts"
import { callsPage } from "./callsPage.ts"
import { commands, countCommands } from "./countCommands.ts"
import { countTypes } from "./countTypes.ts"

/** How many calls of reads become one depends on what is under way at the same moment, so these are limits. */
const atMost = { apply: 200, "plan, nothing to do": 100, "one changed tag each": 170, destroy: 72 }

onMoto("the calls of the AWS plugin", (it) => {
  it.effect("are those of docs/calls.md, for each type and each step", () =>
    Effect.gen(function* () {
      const page = readFileSync(new URL("../../../docs/calls.md", import.meta.url), "utf8")
      assert.strictEqual(callsPage(yield* countTypes(yield* AwsEmulator)), page, "out of date: run `npm run calls`")
    }),
  )

  it.effect("are no more than before, for the commands on a document of 62 resources", () =>
    Effect.gen(function* () {
      const counted = yield* countCommands(yield* AwsEmulator)
      for (const command of commands) assert.isAtMost(counted[command].length, atMost[command], command)
    }),
  )
})
