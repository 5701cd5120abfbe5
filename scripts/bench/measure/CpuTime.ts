/** The processor time of a process, as Linux reports it: unlike the time on a clock, it does not grow while others run. */
import { readdirSync, readFileSync } from "node:fs"

/** The milliseconds in a file `schedstat`, which begins with the nanoseconds that its thread has run. */
export const cpuMillisIn = (schedstat: string): number => Number(schedstat.split(" ", 1)[0]) / 1e6

/** What this process has taken so far. Its running thread is counted up to now, which a file of /proc does not do. */
export const ownCpuMillis = (): number => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1e3
}

/** What all threads of the process have taken so far, those that have ended left out. NaN where the system does not tell. */
export const cpuMillisOf = (pid: number): number => {
  const threads = `/proc/${pid}/task`
  try {
    return readdirSync(threads)
      .map((thread) => cpuMillisIn(readFileSync(`${threads}/${thread}/schedstat`, "utf8")))
      .reduce((sum, millis) => sum + millis, 0)
  } catch {
    return Number.NaN
  }
}
