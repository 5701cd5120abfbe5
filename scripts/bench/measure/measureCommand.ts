/** Measures the command as a user has it: from the npm package, its start and a plan with nothing to do. */
import { execFile } from "node:child_process"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { bucketsForma } from "../programs/bucketsForma.ts"
import { packageCommand } from "../programs/packageCommand.ts"
import { type Figure, figureOf } from "../report/Figure.ts"
import { takeRounds } from "./takeRounds.ts"

interface Run {
  readonly name: string
  readonly title: string
  readonly args: ReadonlyArray<string>
}

/** The first runs keep what V8 compiles for the later ones. */
const warmUpRuns = 4

/** A document with one resource, applied, and what is measured in its folder: Node alone first. */
const prepare = async (folder: string): Promise<{ readonly project: string; readonly runs: ReadonlyArray<Run> }> => {
  const command = await packageCommand(join(folder, "package"))
  const project = join(folder, "project")
  await mkdir(project)
  await writeFile(join(project, "nothing.cjs"), "")
  await writeFile(join(project, "one.json"), JSON.stringify(bucketsForma(join(project, "cloud.db"), 1)))
  const runs: ReadonlyArray<Run> = [
    { name: "bare", title: "bare Node", args: ["nothing.cjs"] },
    { name: "version", title: "formae --version", args: [command, "--version"] },
    { name: "plan", title: "formae plan", args: [command, "plan", "one.json"] },
  ]
  await run(project, [command, "apply", "one.json"])
  return { project, runs }
}

const run = async (project: string, args: ReadonlyArray<string>): Promise<void> => {
  await promisify(execFile)(process.execPath, args, {
    cwd: project,
    env: { ...process.env, FORMAE_TRUST: project, HOME: project },
  })
}

export const measureCommand = async (
  folder: string,
  rounds: number,
  say: (progress: string) => void,
): Promise<Figure> => {
  say("bundling the command")
  const { project, runs } = await prepare(folder)
  const measure = async ({ args }: Run): Promise<number> => {
    const startedAt = performance.now()
    await run(project, args)
    return performance.now() - startedAt
  }
  for (let round = 0; round < warmUpRuns; round++) for (const one of runs) await measure(one)
  return figureOf(
    {
      id: "command",
      title: "the command from its package, warm: the version, and a plan with nothing to do",
      unit: "ms",
      ratio: "times",
    },
    await takeRounds(runs, rounds, measure, (progress) => say(`the command: ${progress}`)),
  )
}
