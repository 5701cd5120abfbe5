/** The signals that ask a command to stop, with the exit codes that say so: 128 plus the number of the signal. */
import { isWindows } from "./Platform.ts"

/** By their numbers on Linux and macOS, and SIGBREAK by its number on Windows. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143, SIGBREAK: 149 } as const

export type StopSignal = keyof typeof signalCodes

/**
 * On Windows Ctrl-Break is SIGBREAK, and closing the window of the console is SIGHUP, after which the system ends the
 * process about ten seconds later. SIGTERM comes from no other process there: Node ends the one that it is sent to.
 */
export const stopSignalsOf = (platform: string): ReadonlyArray<StopSignal> =>
  isWindows(platform) ? ["SIGHUP", "SIGINT", "SIGTERM", "SIGBREAK"] : ["SIGHUP", "SIGINT", "SIGTERM"]
