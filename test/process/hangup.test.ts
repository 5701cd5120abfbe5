import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { main } from "./formaeCommand.ts"

const bin = fileURLToPath(new URL("../../bin/formae.js", import.meta.url))

/** Sends the signal while the program is being loaded: from source, when Node reads it; in a bundle, when its starter asks for a module. */
const hangsUp = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module"
  const hangUp = () => process.kill(process.pid, "SIGHUP")
  const { getBuiltinModule } = process
  process.getBuiltinModule = (name) => {
    if (name === "node:vm") hangUp()
    return getBuiltinModule(name)
  }
  registerHooks({
    load: (url, context, next) => {
      if (url.endsWith("/src/cli/main.ts")) hangUp()
      return next(url, context)
    },
  })
`)}`

const run = (program: string, startedBy: string, ...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, ["--import", hangsUp, program, ...args], {
    encoding: "utf8",
    env: { ...process.env, _: startedBy },
  })

describe.each([
  ["as it is shipped", main],
  ["in a checkout", bin],
])("a SIGHUP while the command is loaded (%s)", (_, program) => {
  it("is ignored under nohup", () => {
    const { signal, status, stderr, stdout } = run(program, "/usr/bin/nohup", "--version")
    assert.deepEqual([signal, status], [null, 0], stderr)
    assert.match(stdout, /\d+\.\d+\.\d+/)
  })

  it("ends it otherwise", () => {
    const { signal, status, stdout } = run(program, "/usr/bin/bash", "plan", "nothing.yaml")
    assert.deepEqual([signal, status, stdout], [null, 129, ""])
  })
})
