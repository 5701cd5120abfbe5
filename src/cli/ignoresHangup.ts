/**
 * Whether this process was started so that it ignores SIGHUP, as by nohup. Node
 * itself resets the signal when it starts, and so forgets it: what nohup leaves
 * behind tells.
 */
import { within } from "../platform/paths.ts"
import { nullDevice, procFile } from "../platform/systemFiles.ts"

/** Where to look. */
export interface HangupTraces {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The text of a file. Undefined where it cannot be read. */
  readonly read: (file: string) => string | undefined
  /** Whether a file descriptor is the file with this name. */
  readonly isFile: (descriptor: number, file: string) => boolean
  readonly parent: number
}

/** The first bit of a mask of signals. */
const hangup = 1n

export const ignoresHangup = ({ environment, isFile, parent, read }: HangupTraces): boolean => {
  // Shells say which program they have started: nohup, which has become this one.
  if (/(^|\/)nohup$/.test(environment["_"] ?? "")) return true
  // Its output file, unless the output was redirected by hand.
  if (
    [1, 2].some((descriptor) =>
      ["nohup.out", within(environment["HOME"] ?? "", "nohup.out")].some((file) => isFile(descriptor, file)),
    )
  ) {
    return true
  }
  // Instead of a terminal, its stdin is /dev/null opened for writing, from which nothing can be read.
  const flags = /^flags:\s*0*([0-7]+)$/m.exec(read(procFile("self", "fdinfo", 0)) ?? "")?.[1]
  if (flags !== undefined && (Number.parseInt(flags, 8) & 3) === 1 && isFile(0, nullDevice)) return true
  // A script that ignores it, and has started this process.
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(procFile(parent, "status")) ?? "")?.[1]
  return ignored !== undefined && (BigInt(`0x${ignored}`) & hangup) === hangup
}
