import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../../bundles/folders.ts"
import { beginIn, main, makeFolder } from "../formaeCommand.ts"
import { inNamespace, needsNamespace } from "../namespaces.ts"
import { columnIn } from "../rows.ts"
import { shop } from "../shopDocument.ts"

/** FakeAWS, which leaves a process in its group. */
const leavesAProcess = `import { spawn } from "node:child_process"
spawn("/bin/sleep", ["1000"], { stdio: "ignore" }).unref()
await import(${JSON.stringify(join(pluginsFolder, "fake-aws", "main.mjs"))})
`
const manifest = {
  name: "fake-aws",
  namespace: "FakeAWS",
  version: "0.2.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "main.mjs",
  environment: [],
}

/** A group that is taken for a living one is waited for until the test has failed. */
const patient = { supervision: { stop: { terminateMillis: 3_600_000 } } }

describe("the command as the first process of a container", needsNamespace("container"), () => {
  it.live("does not wait for what a plugin has left and nobody collects", () =>
    Effect.gen(function* () {
      const { at, write } = yield* makeFolder
      write("own/formae-plugin.json", JSON.stringify(manifest))
      write("own/main.mjs", leavesAProcess)
      write("agent.json", JSON.stringify(patient))
      write("shop.yaml", shop)
      const args = ["apply", "shop.yaml", "--only-plugins", "own", "--config", "agent.json"]
      const script = `[ $$ = 1 ] && exec "$@"`
      const command = yield* beginIn(at("."))(
        ...inNamespace("container", script, "sh", process.execPath, main, ...args),
      )
      const ended = yield* command.ended
      assert.strictEqual(ended.code, 0, ended.stderr)
      assert.lengthOf(yield* columnIn(at(".formae/state.db"), "SELECT label FROM resources"), 3)
    }),
  )
})
