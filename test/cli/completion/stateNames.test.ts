import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as SqlClient from "effect/sql/SqlClient"
import { truncateSync } from "node:fs"
import { join } from "node:path"
import { namesInState } from "../../../src/cli/completion/stateNames.ts"
import { layerPermission } from "../../../src/cli/layerPermission.ts"
import { Trust } from "../../../src/cli/trust/Trust.ts"
import { HostEnvironment } from "../../../src/agent/index.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

const mebibyte = 1024 * 1024

describe("completion", () => {
  it.live("offers the names of a state of up to 32 MiB, and copies none that is larger", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const put = SqlClient.SqlClient.use(
        (sql) => sql`INSERT INTO documents (forma, path, relative_path, applied_at) VALUES ('shop', '/s', 's', 0)`,
      )
      yield* Effect.provide(put, Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))
      const flags = { config: Option.none<string>(), state: Option.some(file), trust: [] }
      const names = namesInState(flags, "documents", "s").pipe(
        Effect.provide(Trust.layer.pipe(Layer.provideMerge(layerPermission), Layer.provideMerge(NodeServices.layer))),
      )
      assert.deepEqual(yield* names, ["shop"])
      // The state of the agent that commands ask is another one.
      const elsewhere = { FORMAE_AGENT: "https://agent.example" }
      assert.deepEqual(yield* Effect.provideService(names, HostEnvironment, elsewhere), [])
      // What is behind the last page is none of the database.
      yield* Effect.sync(() => truncateSync(file, 32 * mebibyte))
      assert.deepEqual(yield* names, ["shop"])
      yield* Effect.sync(() => truncateSync(file, 32 * mebibyte + 1))
      assert.strictEqual(yield* Effect.flip(names), "TooLarge")
    }),
  )
})
