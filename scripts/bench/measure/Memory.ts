/** The memory of a process, as Linux reports it. */
import { readFileSync } from "node:fs"
import { kibibytesIn } from "../../../src/platform/ProcessStat.ts"

export interface Memory {
  readonly residentKiB: number
  /** A page that n processes share counts as 1/n. Undefined where the kernel does not tell. */
  readonly proportionalKiB: number | undefined
}

const kibibytesOf = (file: string, name: string): number | undefined => kibibytesIn(readFileSync(file, "utf8"), name)

const proportionalKiB = (pid: number): number | undefined => {
  try {
    return kibibytesOf(`/proc/${pid}/smaps_rollup`, "Pss")
  } catch {
    return undefined
  }
}

/** Throws if there is no such process. */
export const memoryOf = (pid: number): Memory => ({
  residentKiB: kibibytesOf(`/proc/${pid}/status`, "VmRSS") ?? 0,
  proportionalKiB: proportionalKiB(pid),
})

/** The most resident memory that this process has had so far, in KiB. */
export const peakResidentKiB = (): number => kibibytesOf("/proc/self/status", "VmHWM") ?? 0
