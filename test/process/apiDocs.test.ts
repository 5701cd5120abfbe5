/** The examples of docs/api.md, run as they stand. */
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { makeNotes } from "../agent/notes.ts"
import { layerLocal, layerServices, makeSocketFolder } from "../control/remoteAgent.ts"
import { needs } from "../needs.ts"
import { root } from "./npm.ts"

const examples = [...readFileSync(join(root, "docs/api.md"), "utf8").matchAll(/^```sh\n(.*?)^```/gms)].map(
  ([, script = ""]) => script,
)

/** What a script prints, once it has ended. */
const run = (script: string, socket: string) =>
  Effect.callback<string>((resume) => {
    execFile("sh", ["-ec", script], { env: { ...process.env, SOCKET: socket } }, (error, stdout) =>
      resume(error === null ? Effect.succeed(stdout) : Effect.die(error)),
    )
  })

describe("the examples of docs/api.md", needs("curl"), () => {
  it.live("do what the page says", () =>
    Effect.gen(function* () {
      const socket = join(yield* makeSocketFolder, "agent.sock")
      yield* Layer.build(
        serveSocket({ socket }).pipe(
          Layer.provide(layerServices),
          Layer.provide(layerLocal([makeNotes().plugin])),
          Layer.orDie,
        ),
      )
      assert.lengthOf(examples, 7)
      const printed = yield* Effect.forEach(examples, (script) => run(script, socket))
      const [about, asked, found, events, inventory, plan, configuration] = printed
      assert.deepInclude(JSON.parse(about ?? ""), { schemaVersion: 1, api: { min: 1, max: 1 } })
      assert.deepInclude(JSON.parse(asked ?? ""), { key: "4d0f5f0e-apply-net", command: "apply" })
      assert.deepInclude(JSON.parse(found ?? ""), { key: "4d0f5f0e-apply-net" })
      assert.match(events ?? "", /^id: 1\nevent: Began\ndata: \{.*\}\n\n/m)
      assert.deepInclude(JSON.parse(inventory ?? ""), { command: "inventory", resources: [] })
      // A host's own agent, as that of this test, reads no configuration.
      assert.deepInclude(JSON.parse(configuration ?? ""), { code: "ConfigurationFixed" })
      assert.deepInclude(JSON.parse(plan ?? ""), { command: "plan", status: "planned" })
    }),
  )
})
