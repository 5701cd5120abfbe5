/** What a command on one document takes does not grow with the documents beside it. */
import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { familiesForma } from "../../scripts/bench/programs/familiesForma.ts"
import { scansOf, watchStatements } from "../../scripts/scale/watchStatements.ts"
import { Agent } from "../../src/agent/Agent.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"

/** How many resources each document has. */
const each = 10

/** So few rows at most, however many there are, or one for each document. */
const isBounded = (text: string): boolean => /LIMIT|FROM found|FROM document_outputs|FROM documents/.test(text)

/** The statements that look at each row of a table that has rows for each resource or command. */
const growing = (file: string, statements: Iterable<string>): ReadonlyArray<string> =>
  scansOf(file, statements).flatMap(([text, scan]) =>
    /SCAN (resources|operations|commands|events|drifts)/.test(scan) && !isBounded(text) ? [`${scan}: ${text}`] : [],
  )

describe("in a state of many documents", () => {
  it.live("a command on one of them reads its own rows alone, and of what it is limited to no more than that", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "state.db")
      const forma = (name: string) => ({ ...familiesForma(join(folder, "cloud.db"), each), name })
      const source = (name: string) => ({
        path: join(folder, name),
        relativePath: name,
        isNamed: false,
        resources: forma(name).resources,
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        for (const name of ["a", "b", "c", "d"]) yield* agent.apply(forma(name), { document: source(name) })
        const document = source("a")
        const labels = ["network-0"]
        const commands: ReadonlyArray<readonly [string, Effect.Effect<unknown, object>, number?]> = [
          ["plan", agent.plan(forma("a"), { document })],
          ["apply", agent.apply(forma("a"), { document })],
          ["sync", agent.sync({ forma: "a", document })],
          ["sync of one resource", agent.sync({ forma: "a", document, labels }), 1],
          ["drift", agent.drift({ forma: "a" })],
          ["drift of one resource", agent.drift({ forma: "a", labels }), 1],
          ["destroy", agent.destroy({ name: "a" })],
        ]
        for (const [what, command, most = each] of commands) {
          const watch = yield* Effect.acquireUseRelease(
            Effect.sync(watchStatements),
            (watched) => Effect.as(command, watched),
            ({ stop }) => Effect.sync(stop),
          )
          assert.isAbove(watch.runs(), 0)
          const large = [...watch.rows].filter(([text, rows]) => rows > most && !isBounded(text))
          assert.deepEqual(large, [], `${what} reads more rows than it is about`)
          assert.deepEqual(growing(file, watch.rows.keys()), [], `${what} looks at each row`)
        }
      }).pipe(
        Effect.provide(
          Agent.layer.pipe(
            Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
            Layer.provide(Store.layerFile(file)),
            Layer.provide(NodeServices.layer),
          ),
        ),
      )
    }),
  )
})
