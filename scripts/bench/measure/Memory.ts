/** The memory of a process, as Linux reports it. */
import { readFileSync } from "node:fs"

export interface Memory {
  readonly residentKiB: number
  /** A page that n processes share counts as 1/n. Undefined where the kernel does not tell. */
  readonly proportionalKiB: number | undefined
}

const kibibytesIn = (file: string, name: string): number | undefined => {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))
  return line === null ? undefined : Number(line[1])
}

const proportionalKiB = (pid: number): number | undefined => {
  try {
    return kibibytesIn(`/proc/${pid}/smaps_rollup`, "Pss")
  } catch {
    return undefined
  }
}

/** Throws if there is no such process. */
export const memoryOf = (pid: number): Memory => ({
  residentKiB: kibibytesIn(`/proc/${pid}/status`, "VmRSS") ?? 0,
  proportionalKiB: proportionalKiB(pid),
})

/** The most resident memory that this process has had so far, in KiB. */
export const peakResidentKiB = (): number => kibibytesIn("/proc/self/status", "VmHWM") ?? 0
