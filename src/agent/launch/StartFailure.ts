/** Why a launch did not complete its handshake. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { constants } from "node:os"
import { describeOutcome, type LaunchOutcome } from "./LaunchOutcome.ts"

/** The cause of a failed start. Whether the plugin is started again depends on it. */
export const StartFailure = Schema.TaggedUnion({
  /** The system could not start the process, such as for a missing program or permission. */
  NotSpawned: { message: Schema.String },
  /** It was ended by a signal that the agent did not send. */
  Signalled: { signal: Schema.String },
  /** V8 aborted it because it was out of memory. */
  OutOfMemory: {},
  Exited: { code: Schema.Int },
  /** It closed its stdout and lived on, or sent a frame that is too large. */
  ProtocolFault: { reason: Schema.String },
  /** It did not answer the handshake within this time, and was killed. */
  TimedOut: { millis: Schema.Finite },
  /** The plugin refused the agent, or the agent refused its answer: it is of another plugin or in another protocol. */
  Refused: { message: Schema.String },
  /** The code that launches plugins threw. */
  Defect: { message: Schema.String },
})
export type StartFailure = typeof StartFailure.Type

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

/** The signal that ended a process with this exit code: 128 plus the number of the signal, as in a shell. */
const signalIn = (code: number): string | undefined =>
  Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0]

/**
 * What the end of a process before its handshake means. A process that catches a
 * signal, and a shim whose program died of one, report it in their exit code.
 */
export const startFailureOf = (outcome: LaunchOutcome): StartFailure => {
  switch (outcome._tag) {
    case "Exited": {
      const signal = signalIn(outcome.code)
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
