/**
 * What the end of a launch means. Each row of the table is one condition, with
 * its reach; ARCHITECTURE.md shows it, and a table test has every row.
 */

/** What is known when a process is gone. A null code means that a signal ended it. */
export interface LaunchFacts {
  /** Whether the agent had asked it to end. */
  readonly asked: boolean
  readonly code: number | null
  readonly signal: string | null
  /** The last lines that the process printed. */
  readonly output: ReadonlyArray<string>
  /** Whether the time had come at which the guard kills it, because the lease of the agent was over. */
  readonly leaseEnded?: boolean
  /** Why the agent ended the launch by force, if it did. */
  readonly verdict?: LaunchVerdict
}

/** Why the agent ended a launch that had not ended by itself. */
export type LaunchVerdict =
  | { readonly _tag: "Stalled"; readonly silentMillis: number; readonly frames: ReadonlyArray<string> }
  | { readonly _tag: "ProtocolFault"; readonly reason: string }
  /** It was idle and above its cap of memory. It is ended gracefully and replaced. */
  | { readonly _tag: "Recycled"; readonly residentMiB: number }

/**
 * What the end of a launch means. Times are in milliseconds.
 *
 * - `Stopped`: the agent had asked it to end.
 * - `Recycled`: it was idle and above its cap of memory.
 * - `LeaseEnded`: the guard killed it, because the lease of the agent was over.
 * - `Stalled`: it was silent for too long and was killed.
 * - `ProtocolFault`: what it sent broke the protocol.
 * - `OutOfMemory`: V8 aborted it because it was out of memory.
 * - `Signalled`: it was ended by a signal that the agent did not send.
 * - `Exited`: it ended by itself. That is a crash even with code 0, because the
 *   agent had not asked it to leave.
 */
export type LaunchOutcome =
  | { readonly _tag: "Stopped" }
  | { readonly _tag: "LeaseEnded" }
  | {
      readonly _tag: "Recycled"
      /** The memory that it used, in MiB. */
      readonly residentMiB: number
    }
  | {
      readonly _tag: "Stalled"
      /** How long it had been silent, in milliseconds. */
      readonly silentMillis: number
      /** Where it hung, innermost first. Empty if that is not known. */
      readonly frames: ReadonlyArray<string>
    }
  | {
      readonly _tag: "ProtocolFault"
      /** What was wrong, in words. */
      readonly reason: string
    }
  | { readonly _tag: "OutOfMemory" }
  | {
      readonly _tag: "Signalled"
      /** The name of the signal, such as `SIGSEGV`. */
      readonly signal: string
    }
  | {
      readonly _tag: "Exited"
      /** The exit code. */
      readonly code: number
    }

/** What V8 prints before it aborts because it is out of memory. */
const heapExhausted = /JavaScript heap out of memory|Reached heap limit|invalid array length Allocation failed/

export const classify = ({ asked, code, leaseEnded, output, signal, verdict }: LaunchFacts): LaunchOutcome => {
  if (verdict !== undefined) return verdict
  if (asked) return { _tag: "Stopped" }
  if (signal === "SIGKILL" && leaseEnded === true) return { _tag: "LeaseEnded" }
  const died = signal === "SIGABRT" || signal === "SIGTRAP" || code === 134 || code === 133
  if (died && output.some((line) => heapExhausted.test(line))) return { _tag: "OutOfMemory" }
  if (signal !== null) return { _tag: "Signalled", signal }
  return { _tag: "Exited", code: code ?? 0 }
}

/** Whether an outcome counts toward the restart intensity. */
export const isCrash = ({ _tag }: LaunchOutcome): boolean =>
  _tag !== "Stopped" && _tag !== "Recycled" && _tag !== "LeaseEnded"

export const describeOutcome = (outcome: LaunchOutcome): string => {
  switch (outcome._tag) {
    case "Stopped":
      return "was stopped"
    case "LeaseEnded":
      return "was ended, because the lease of the agent was over"
    case "Recycled":
      return `was recycled, with ${outcome.residentMiB} MiB in use`
    case "Stalled":
      return `did not answer for ${outcome.silentMillis} ms and was killed${
        outcome.frames.length === 0 ? "" : `; it hung in ${outcome.frames[0]}`
      }`
    case "ProtocolFault":
      return `broke the protocol: ${outcome.reason}`
    case "OutOfMemory":
      return "ran out of memory"
    case "Signalled":
      return `was ended by ${outcome.signal}`
    case "Exited":
      return outcome.code === 0 ? "left without being asked" : `exited with code ${outcome.code}`
  }
}
