/** A page of rows is found where the page before it ended, however many rows come before. */
import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { familiesForma } from "../../scripts/bench/programs/familiesForma.ts"
import { plansOf, watchStatements } from "../../scripts/scale/watchStatements.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"

/** More than two pages of whatever reads by pages. */
const resources = 150

/** Whether a statement asks for rows that come after another one. */
const isLaterPage = (text: string): boolean => /FROM resources .*label\)? > /.test(text)

const seeksTo = (step: string): boolean => /^SEARCH resources .*(label>\?|\(forma,label\)>\(\?,\?\))/.test(step)

describe("a later page of rows", () => {
  it.live("is sought in an index by each command that reads by pages, and those before it are not read again", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "state.db")
      const forma = { ...familiesForma(join(folder, "cloud.db"), resources), name: "a" }
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const inventory = yield* Inventory
        yield* agent.apply(forma)
        const commands: ReadonlyArray<readonly [string, Effect.Effect<unknown, object>]> = [
          ["plan", agent.plan(forma)],
          ["sync of a document", agent.sync({ forma: "a" })],
          ["sync", agent.sync({})],
          ["drift of a document", agent.drift({ forma: "a" })],
          ["drift", agent.drift()],
          ["the rows of a document", inventory.list("a")],
          ["all rows", Stream.runDrain(inventory.stream)],
        ]
        for (const [what, command] of commands) {
          const { rows } = yield* Effect.acquireUseRelease(
            Effect.sync(watchStatements),
            (watched) => Effect.as(command, watched),
            ({ stop }) => Effect.sync(stop),
          )
          const later = plansOf(file, rows.keys()).filter(([text]) => isLaterPage(text))
          assert.isAbove(later.length, 0, `${what} reads no second page`)
          const slow = later.filter(([, plan]) => !plan.some(seeksTo))
          assert.deepEqual(slow, [], `${what} looks again at the rows of the pages before`)
        }
      }).pipe(
        Effect.provide(
          Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
            Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
            Layer.provide(Store.layerFile(file)),
            Layer.provide(NodeServices.layer),
          ),
        ),
      )
    }),
  )
})
