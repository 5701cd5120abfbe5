/** Processes of plugins whose agent is gone. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { readProcesses } from "../../../agent/launch/ProcessTable.ts"
import { isWindows, Platform } from "../../../platform/Platform.ts"
import { parseProcessStat } from "../../../platform/ProcessStat.ts"
import { ProcFiles } from "../../../platform/ProcFiles.ts"
import { proc, procFile } from "../../../platform/systemFiles.ts"
import { environment } from "../../../protocol/LaunchVariables.ts"
import { type Check, seconds } from "../Check.ts"
import { ok, skipped, warning } from "../Finding.ts"
import { type MarkedProcess, orphansIn } from "../orphansIn.ts"

/** How many environments are read at the same time. */
const concurrency = 16

/** A plugin leaves within a second when its agent ends. */
const grace = "1500 millis"

const variableIn = (text: string, name: string): string | undefined =>
  text
    .split("\0")
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1)

const findOrphans = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const files = yield* ProcFiles
  const programOf = (pid: number) => Effect.orElseSucceed(fs.readLink(procFile(pid, "exe")), () => undefined)
  const processes = yield* readProcesses(files, proc)
  const looked = yield* Effect.forEach(
    processes,
    Effect.fnUntraced(function* ({ parent, pid }) {
      const variables = yield* Effect.orElseSucceed(fs.readFileString(procFile(pid, "environ")), () => "")
      const launch = variableIn(variables, environment.launch)
      if (launch === undefined) return []
      const plugin = variableIn(variables, environment.pluginNode) ?? "a plugin"
      const marked: MarkedProcess = { pid, parent, launch, plugin, program: yield* programOf(pid) }
      return [marked]
    }),
    { concurrency },
  )
  const marked = looked.flat()
  const parents = [...new Set(marked.map(({ parent }) => parent))]
  const programs = new Map(
    yield* Effect.forEach(parents, (pid) => Effect.map(programOf(pid), (program) => [pid, program] as const)),
  )
  return orphansIn(marked, (pid) => programs.get(pid))
})

export const orphans: Check = {
  name: "orphans",
  boundMillis: seconds(15),
  look: Effect.fnUntraced(function* () {
    const { read } = yield* ProcFiles
    // In a container that has the /proc of its host, the ids there are other processes here.
    const isTold = !isWindows(yield* Platform) && parseProcessStat(read(procFile("self", "stat")))?.pid === process.pid
    if (!isTold) return [skipped("Not looked for: this system does not tell which plugin a process belongs to")]
    const first = yield* findOrphans
    const left = first.length === 0 ? [] : yield* Effect.delay(findOrphans, grace)
    // One that is leaving, or that has only now lost its agent, is none yet.
    const found = left.filter(({ pid }) => first.some((one) => one.pid === pid))
    if (found.length === 0) return [ok("No process of a plugin is without its agent")]
    return found.map(({ pid, plugin, program }) =>
      warning(
        `The process ${pid} (${program ?? "unknown program"}) of ${plugin} runs on although its agent is gone`,
        `Look at what it does, and end it: kill ${pid}`,
      ),
    )
  }),
}
