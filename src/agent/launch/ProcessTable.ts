/** All processes of the machine. */
import * as Effect from "effect/Effect"
import { within } from "../../platform/paths.ts"
import { type ProcessStat, parseProcessStat } from "../../platform/ProcessStat.ts"
import type { ProcFiles } from "../../platform/ProcFiles.ts"

/** How many processes are looked at before anything else gets a turn: a machine may have thousands. */
const atOnce = 100

/** What `/proc`, or a folder in its place, says of each process. Those that end meanwhile may be left out. */
export const readProcesses = Effect.fnUntraced(function* (
  { list, read }: ProcFiles,
  proc: string,
): Effect.fn.Return<ReadonlyArray<ProcessStat>> {
  const names = list(proc).filter((name) => /^\d+$/.test(name))
  const found: Array<ProcessStat> = []
  for (const [index, name] of names.entries()) {
    if (index > 0 && index % atOnce === 0) yield* Effect.yieldNow
    const stat = parseProcessStat(read(within(within(proc, name), "stat")))
    if (stat !== undefined) found.push(stat)
  }
  return found
})
