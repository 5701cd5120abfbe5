/** A plan changes nothing on disk. */
import { createHash } from "node:crypto"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { makeFakeCloud } from "../plugins/fake-aws/FakeCloud.ts"
import { cutOff, hasProgressed, only, slow } from "./commands/cutOff.ts"
import { changesOf, formaOf } from "./shop.ts"

const makeFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-plan-"))),
  (made) => Effect.sync(() => rmSync(made, { recursive: true })),
)

/** The files of a folder, each with the hash of its bytes. */
const hashesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .toSorted()
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}`,
    )

const onState = <A, E>(store: Store.StoreLayer, use: Effect.Effect<A, E, Agent>) =>
  Effect.provide(
    use,
    Agent.layer.pipe(
      Layer.provide([store, PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
      Layer.provide(NodeServices.layer),
    ),
    { local: true },
  )

describe("a plan", () => {
  it.effect("changes no file of a state, whether it is there, is not, or was left by an agent that was killed", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { target } = yield* makeFakeCloud
      const file = join(folder, "state.db")
      const forma = formaOf("shop", target(), only("net", "password"))
      const more = formaOf("shop", target(), only("net", "password", "alone"))
      const plan = (path: string, wanted = more) =>
        onState(
          Store.layerFileToRead(path),
          Agent.use((agent) => agent.plan(wanted)),
        )

      yield* plan(file)
      assert.deepEqual(hashesIn(folder), [])

      yield* onState(
        Store.layerFile(file),
        Agent.use((agent) => agent.apply(forma)),
      )
      const applied = hashesIn(folder)
      assert.isAbove(applied.length, 1)
      assert.deepEqual(changesOf(yield* plan(file)), ["alone create"])
      assert.deepEqual(hashesIn(folder), applied)

      // Its log is not in the file yet.
      const killed = join(folder, "killed")
      mkdirSync(killed)
      yield* onState(
        Store.layerFile(file),
        Effect.gen(function* () {
          const slowly = formaOf("shop", target(slow), only("net", "password", "alone"))
          yield* cutOff(slowly, hasProgressed("alone"))
          for (const name of readdirSync(folder).filter((one) => one.startsWith("state.db"))) {
            copyFileSync(join(folder, name), join(killed, name))
          }
        }),
      )
      const left = hashesIn(killed)
      assert.isTrue(left.some((one) => one.startsWith("state.db-wal")))
      const planned = yield* plan(join(killed, "state.db"))
      assert.deepInclude(planned.resources.find(({ label }) => label === "alone")?.openOperation, { kind: "Create" })
      assert.strictEqual(planned.notes?.[0]?._tag, "Unfinished")
      assert.deepEqual(hashesIn(killed), left)
    }),
  )
})
