import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { dirname } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { fakeCloud } from "./clouds.ts"
import { beginIn } from "./formaeCommand.ts"

const program = fileURLToPath(new URL("./agentThatStops.ts", import.meta.url))

/** How long an operation may take, and how long it takes in the plugin, which goes on while the agent is stopped. */
const limit = "1500"
const delay = "3500"

const resourcesIn = (cloud: string): number => {
  if (!existsSync(cloud)) return 0
  const database = new DatabaseSync(cloud, { readOnly: true })
  try {
    return database.prepare("SELECT * FROM resources").all().length
  } catch {
    // The plugin is just making its tables.
    return 0
  } finally {
    database.close()
  }
}

describe("an agent that was stopped for longer than a call may take", () => {
  it.live("takes the answer that has come meanwhile", () =>
    Effect.gen(function* () {
      const { cloud } = yield* fakeCloud
      const begin = beginIn(dirname(cloud))
      const agent = yield* begin(process.execPath, "--conditions=formae-source", program, cloud, limit, delay)
      const created = Effect.delay(
        Effect.sync(() => resourcesIn(cloud)),
        "20 millis",
      )
      yield* Effect.repeat(created, { until: (count) => count > 0 })
      yield* agent.signal("SIGCONT")
      const { code, stderr, stdout } = yield* agent.ended
      assert.deepEqual([stdout, code], ["Succeeded\n", 0], stderr)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
