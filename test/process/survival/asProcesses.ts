/** Runs the commands of a scenario as processes, which are killed by SIGKILL. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import type { Runner } from "../../survival/cutOff.ts"
import { steppingAgentFolder, steppingFolder } from "../../bundles/folders.ts"
import { stepVariables } from "../../survival/ProcessReaper.ts"

const agentProcess = join(steppingAgentFolder, "main.mjs")

interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly signal: string | null
}

export const asProcesses: Runner = {
  run: Effect.fnUntraced(function* (state, command, death) {
    const marker = join(dirname(state), "struck")
    const environment =
      death === undefined
        ? {}
        : { [stepVariables.step]: death.step, [stepVariables.victim]: death.victim, [stepVariables.struck]: marker }
    const { signal, stderr, stdout } = yield* Effect.callback<Ended>((resume) => {
      const child = execFile(
        process.execPath,
        [agentProcess, steppingFolder, state, JSON.stringify(command)],
        { env: { ...process.env, ...environment } },
        (error, out, err) => resume(Effect.succeed({ stdout: out, stderr: err, signal: error?.signal ?? null })),
      )
      return Effect.sync(() => child.kill("SIGKILL"))
    })
    if (signal === "SIGKILL") return { result: undefined, struck: true }
    if (stdout === "") return yield* Effect.die(`the agent printed no result, only: ${stderr}`)
    return { result: JSON.parse(stdout) as CommandResult, struck: existsSync(marker) }
  }),
}
