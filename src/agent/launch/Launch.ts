/** One launch of a plugin: a process whose handshake is done, or a plugin in the agent's own process. */
import type * as Effect from "effect/Effect"
import type { HandshakeResponse } from "../../protocol/Handshake.ts"
import type { Generation, OperationId } from "../../protocol/Identity.ts"
import type { PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { Admission } from "./Admission.ts"
import type { LaunchTypes } from "./LaunchTypes.ts"
import { describeOutcome, type LaunchOutcome } from "./LaunchOutcome.ts"

/** How a launch ended, and what it left behind. */
export interface LaunchEnd {
  /** How it ended, as data. */
  readonly outcome: LaunchOutcome
  /** The operations that were in flight. */
  readonly operations: ReadonlyArray<OperationId>
  /** Those of them that were sent and had no answer yet. Only they may have caused it. */
  readonly unanswered: ReadonlyArray<OperationId>
  /** The last lines that the process printed. */
  readonly output: ReadonlyArray<string>
}

/** One start of a plugin that serves, or has served. */
export interface Launch {
  /** 1 for the first launch of a plugin by this agent, and so on. */
  readonly generation: Generation
  /** The process that was started, which leads a group of its own. Left out for a plugin in the agent's own process. */
  readonly pid?: number
  /** What the plugin said of itself in its handshake. Its pid is for logs: it may be that of any process. */
  readonly identity: HandshakeResponse
  /** The resource types that it serves. Those that are wanted have their schemas. */
  readonly types: LaunchTypes
  /** Runs operations on this launch alone. */
  readonly operator: PluginOperatorShape
  /** Completes when the launch is over. */
  readonly ended: Effect.Effect<LaunchEnd>
  /** The operations that were sent and have not ended. */
  readonly inFlight: () => ReadonlyArray<OperationId>
  /** Which calls it takes, and whether it is idle. */
  readonly admission: Admission
  /** Gives the plugin new settings, from its next operation on. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
}

/**
 * What a launch reports while it lives.
 *
 * - `Suspect`: it has been silent for some time while it had calls to answer.
 * - `Stalled`: it has been silent for too long, and is killed.
 * - `Junk`: it has printed a line that is not a frame.
 */
export type LaunchNotice =
  | {
      readonly _tag: "Suspect"
      /** For how long it has been silent. */
      readonly silentMillis: number
    }
  | {
      readonly _tag: "Stalled"
      /** For how long it was silent. */
      readonly silentMillis: number
      /** Where it hangs, innermost first. Empty where that could not be found out. */
      readonly frames: ReadonlyArray<string>
      /** The operations that were in flight. */
      readonly operations: ReadonlyArray<OperationId>
    }
  | {
      readonly _tag: "Junk"
      /** How long the line is. */
      readonly characters: number
      /** What it printed, cut. */
      readonly line: string
    }

/** What Node and V8 print after the error itself: frames, addresses, and Node's version. */
const trailing = /^(Node\.js v\d|\s+at |\s*\d+: 0x|----|[\s}^]*$)/

/** The line that says most about why a process ended: its last error, or else its last line. */
const tellingLine = (output: ReadonlyArray<string>): string | undefined =>
  output.findLast((line) => /^(Uncaught )?[A-Z]\w*Error\b|FATAL ERROR/.test(line)) ??
  output.findLast((line) => !trailing.test(line))

/** The end of a launch in words: `exited with code 3; its last line was: ...`. */
export const describeEnd = ({ outcome, output }: LaunchEnd): string => {
  const last = tellingLine(output)
  return last === undefined ? describeOutcome(outcome) : `${describeOutcome(outcome)}; its last line was: ${last}`
}
