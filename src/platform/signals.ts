/** Signals to processes. */
import { isWindows } from "./Platform.ts"

/** Sends a signal to a process. Throws where there is no such process, and where it belongs to another user. */
export const sendSignal = (pid: number, signal: NodeJS.Signals): void => void process.kill(pid, signal)

/** Kills a process with the group that it leads; on Windows, which has no groups, the process alone. Throws where there is none. */
export const killGroup = (platform: string, leader: number): void =>
  sendSignal(isWindows(platform) ? leader : -leader, "SIGKILL")

/** Whether there is a process with this id. One that is dead counts until its parent has reaped it. */
export const isProcess = (pid: number): boolean => {
  try {
    // Signal 0 is not delivered: it only tests.
    return process.kill(pid, 0)
  } catch (error) {
    // The process exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
