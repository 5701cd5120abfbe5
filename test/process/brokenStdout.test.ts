import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { environment } from "../../src/protocol/LaunchVariables.ts"

const entry = fileURLToPath(new URL("../fixtures/plugins/suite/main.ts", import.meta.url))

describe("a plugin whose stdout is broken", () => {
  it("stays until its stdin ends, and leaves without a fault of its own", async () => {
    const child = spawn(process.execPath, ["--conditions=formae-source", entry], {
      stdio: ["pipe", "pipe", "ignore"],
      env: {
        ...process.env,
        [environment.agentNode]: "agent@localhost",
        [environment.pluginNode]: "suite-plugin@localhost",
        [environment.cookie]: "cookie of the test",
      },
    })
    const exited = once(child, "exit")
    const ping = (): boolean => child.stdin.write(`{"_tag":"Ping"}\n`)
    ping()
    await once(createInterface(child.stdout), "line")
    child.stdout.destroy()
    await once(child.stdout, "close")
    for (let times = 0; times < 3; times++) ping()
    child.stdin.end()
    assert.deepEqual(await exited, [0, null])
  })
})
