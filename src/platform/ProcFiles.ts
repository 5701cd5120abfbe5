/**
 * Reads what Linux tells about processes. The system makes these files as they
 * are read, so there is nothing to wait for, and to hand each of them to a thread
 * takes many times as long as reading it. That is not so of `environ`, `cmdline`
 * and `maps`, which wait for the memory of the process.
 */
import * as Context from "effect/Context"
import { readdirSync, readFileSync } from "node:fs"

export interface ProcFiles {
  /** The names in a folder. None where there is no such folder. */
  readonly list: (folder: string) => ReadonlyArray<string>
  /** The text of a file. Empty where it cannot be read. */
  readonly read: (file: string) => string
}

const orElse = <A>(look: () => A, otherwise: A): A => {
  try {
    return look()
  } catch {
    return otherwise
  }
}

/** The files of this system. */
export const ProcFiles = Context.Reference<ProcFiles>("formae/platform/ProcFiles", {
  defaultValue: () => ({
    list: (folder) => orElse(() => readdirSync(folder), []),
    read: (file) => orElse(() => readFileSync(file, "utf8"), ""),
  }),
})
