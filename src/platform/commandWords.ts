/** The words that another process was started with. */
import * as Effect from "effect/Effect"
import { ProcFiles } from "./ProcFiles.ts"
import { procFile } from "./systemFiles.ts"

/** Empty where the system does not tell. */
export const commandWords = (pid: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(ProcFiles, ({ read }) => read(procFile(pid, "cmdline")).split("\0").slice(0, -1))
