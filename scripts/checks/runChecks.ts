/** Runs programs side by side, and shows what each has found once it has ended. */
import { spawn } from "node:child_process"

export interface Check {
  readonly name: string
  readonly program: string
  readonly args: ReadonlyArray<string>
}

interface Outcome {
  readonly hasPassed: boolean
  readonly said: string
}

const run = ({ args, program }: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
    let said = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text
      })
    }
    child.once("error", ({ message }) => resolve({ hasPassed: false, said: `${message}\n` }))
    child.once("close", (code, signal) => {
      const end = signal === null ? "" : `It was ended by ${signal}\n`
      resolve({ hasPassed: code === 0, said: `${said}${end}` })
    })
  })

/** Resolves with the names of those that have failed, in their order. What two of them say is never mixed. */
export const runChecks = async (
  checks: ReadonlyArray<Check>,
  say: (text: string) => void,
): Promise<ReadonlyArray<string>> => {
  const failed = await Promise.all(
    checks.map(async (check) => {
      const { hasPassed, said } = await run(check)
      say(`${hasPassed ? "passed" : "FAILED"}: ${check.name}\n${said.trim() === "" ? "" : `${said.trimEnd()}\n\n`}`)
      return hasPassed ? [] : [check.name]
    }),
  )
  return failed.flat()
}
