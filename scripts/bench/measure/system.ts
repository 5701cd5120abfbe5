/** What the bench asks of Linux: where a process may run, and what memory it has. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"

/** All threads of the process run on `cores` from now on, such as `0` or `0,1`. */
export const pin = (pid: number, cores: string): void => {
  execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, String(pid)], { stdio: "ignore" })
}

const kibibytesIn = (file: string, name: string): number | undefined => {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"))
  return found === null ? undefined : Number(found[1])
}

const proportional = (pid: number): number | undefined => {
  try {
    return kibibytesIn(`/proc/${pid}/smaps_rollup`, "Pss")
  } catch {
    return undefined
  }
}

export const memoryOf = (
  pid: number,
): { readonly residentKiB: number; readonly proportionalKiB: number | undefined } => ({
  residentKiB: kibibytesIn(`/proc/${pid}/status`, "VmRSS") ?? 0,
  proportionalKiB: proportional(pid),
})

/** Of the process, in KiB: the most that it had so far. */
export const peakResidentKiB = (): number => kibibytesIn("/proc/self/status", "VmHWM") ?? 0
