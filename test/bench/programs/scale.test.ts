import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { familiesForma } from "../../../scripts/bench/programs/familiesForma.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { aroundCalls } from "../../../src/testing/aroundCalls.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

describe("an apply of many resources", () => {
  it.live("makes one call for each, and a transaction for several of them, however many they are", () =>
    Effect.gen(function* () {
      for (const count of [50, 100]) {
        const folder = yield* temporaryFolder
        const calls: Record<string, number> = {}
        const counted = aroundCalls(fakeAws, ({ kind }, handle) => {
          calls[kind] = (calls[kind] ?? 0) + 1
          return handle
        })
        const layer = Agent.layer.pipe(
          Layer.provide(PluginCoordinator.layerInProcess([inProcess(counted)])),
          Layer.provide(Store.layerFile(join(folder, "state.db"))),
          Layer.provide(NodeServices.layer),
        )
        const forma = familiesForma(join(folder, "cloud.db"), count)
        const agent = Effect.map(
          Effect.flatMap(Agent, ({ apply }) => apply(forma)),
          ({ status }) => status,
        )
        assert.strictEqual(yield* Effect.provide(agent, Layer.fresh(layer), { local: true }), "succeeded")
        assert.strictEqual(calls["Create"], count)
        assert.strictEqual((calls["Read"] ?? 0) + (calls["Update"] ?? 0) + (calls["Delete"] ?? 0), 0)
        const state = new DatabaseSync(join(folder, "state.db"), { readOnly: true })
        const transactions = Number(state.prepare("PRAGMA user_version").get()?.["user_version"])
        const written = state.prepare("SELECT count(*) AS rows FROM operations").get()?.["rows"]
        state.close()
        assert.strictEqual(written, count)
        // Each resource is written at least twice: its intent, and its end.
        assert.isBelow(transactions, count / 2)
      }
    }),
  )
})
