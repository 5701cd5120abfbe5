/** Why a launch did not get as far as its handshake. */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { describeOutcome, type LaunchOutcome } from "./LaunchOutcome.ts"

export const StartFailure = Schema.TaggedUnion({
  /** The system did not start the process: there is no such program, or it may not be run. */
  NotSpawned: { message: Schema.String },
  /** A signal ended it, and it was not the agent's. */
  Signalled: { signal: Schema.String },
  /** V8 aborted it for want of memory. */
  OutOfMemory: {},
  Exited: { code: Schema.Int },
  /** It closed its stdout and lived on, or sent a frame that is too large. */
  ProtocolFault: { reason: Schema.String },
  /** It did not answer the handshake within this time, and was killed. */
  TimedOut: { millis: Schema.Finite },
  /** The plugin refused its agent, or answered in a way that the agent refuses: as another plugin, or in another protocol. */
  Refused: { message: Schema.String },
  /** What was to launch it threw. */
  Defect: { message: Schema.String },
})
export type StartFailure = typeof StartFailure.Type

/** In words. Most of them follow the plugin's name: "it exited with code 7". */
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

/** What the end of a process before its handshake means. */
export const startFailureOf = (outcome: LaunchOutcome): StartFailure => {
  switch (outcome._tag) {
    case "Signalled":
    case "OutOfMemory":
    case "Exited":
    case "ProtocolFault":
      return outcome
    default:
      // Only what has been greeted is recycled, found to be stalled, or stopped while somebody waits for it.
      return { _tag: "Refused", message: `it ${describeOutcome(outcome)}` }
  }
}

/**
 * Whether it is a crash, and the next launch may well do better. What else
 * failed would fail again: that is certain not to change by itself.
 */
export const isStartCrash = ({ _tag }: StartFailure): boolean => _tag === "Signalled" || _tag === "OutOfMemory"
