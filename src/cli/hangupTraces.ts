/** What this process was started with, for `ignoresHangup`. Read before anything runs, and so without a service. */
import { fstatSync, readFileSync, statSync } from "node:fs"
import type { HangupTraces } from "./ignoresHangup.ts"

export const hangupTraces = (): HangupTraces => ({
  environment: process.env,
  parent: process.ppid,
  read: (file) => orUndefined(() => readFileSync(file, "utf8")),
  isFile: (descriptor, file) =>
    orUndefined(() => {
      const [open, named] = [fstatSync(descriptor), statSync(file)]
      return open.dev === named.dev && open.ino === named.ino
    }) ?? false,
})

const orUndefined = <A>(look: () => A): A | undefined => {
  try {
    return look()
  } catch {
    return undefined
  }
}
