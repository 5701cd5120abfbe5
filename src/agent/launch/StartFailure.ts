/** Why a launch did not complete its handshake. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { describeOutcome, type LaunchOutcome } from "./LaunchOutcome.ts"

/**
 * The cause of a failed start. Whether the plugin is started again depends on
 * it.
 *
 * - `NotSpawned`: the system could not start the process, such as for a missing
 *   program or permission.
 * - `Signalled`: it was ended by a signal that the agent did not send.
 * - `OutOfMemory`: V8 aborted it because it was out of memory.
 * - `Exited`: it ended by itself.
 * - `ProtocolFault`: it closed its stdout and lived on, or sent a frame that is
 *   too large.
 * - `TimedOut`: it did not answer the handshake within this time, and was
 *   killed.
 * - `Refused`: the plugin refused the agent or its rate limit, or the agent
 *   refused its answer: it is of another plugin or in another protocol.
 * - `Defect`: the code that launches plugins threw.
 */
export const StartFailure = Schema.TaggedUnion({
  NotSpawned: {
    /** What the system said. */
    message: Schema.String,
  },
  Signalled: {
    /** The name of the signal, such as `SIGSEGV`. */
    signal: Schema.String,
  },
  OutOfMemory: {},
  Exited: {
    /** The exit code. */
    code: Schema.Int,
  },
  ProtocolFault: {
    /** What was wrong, in words. */
    reason: Schema.String,
  },
  TimedOut: {
    /** The time that it had, in milliseconds. */
    millis: Schema.Finite,
  },
  Refused: {
    /** Why, in words. */
    message: Schema.String,
  },
  Defect: {
    /** What was thrown. */
    message: Schema.String,
  },
})
export type StartFailure = typeof StartFailure.Type | never

/** The cause in words, such as "it exited with code 7". */
export const describeStartFailure = (failure: StartFailure): string => {
  switch (failure._tag) {
    case "NotSpawned":
    case "Refused":
    case "Defect":
      return failure.message
    case "TimedOut":
      return `it did not answer the handshake within ${Duration.format(Duration.millis(failure.millis))}`
    default:
      return `it ${describeOutcome(failure)}`
  }
}

/** Signals by their number, which is the same on each POSIX system. */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
}

/**
 * What the end of a process before its handshake means. A program that catches a
 * signal, and a shim whose program died of one, may report it as a shell does: as
 * an exit code that is 128 plus its number.
 */
export const startFailureOf = (outcome: LaunchOutcome): StartFailure => {
  switch (outcome._tag) {
    case "Exited": {
      const signal = signals[outcome.code - 128]
      return signal === undefined ? outcome : { _tag: "Signalled", signal }
    }
    case "Signalled":
    case "OutOfMemory":
    case "ProtocolFault":
      return outcome
    default:
      // A plugin is recycled or stalls only after its handshake, and no caller waits for one that is being stopped.
      return { _tag: "Refused", message: `it ${describeOutcome(outcome)}` }
  }
}

/**
 * Whether a failed start is a crash, which the next launch may not repeat. The
 * other causes do not go away by themselves.
 */
export const isStartCrash = ({ _tag }: StartFailure): boolean => _tag === "Signalled" || _tag === "OutOfMemory"
