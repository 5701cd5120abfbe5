/** One launch of a plugin: a process with a handshake behind it, or a plugin that is linked in. */
import type * as Effect from "effect/Effect"
import type { HandshakeResponse } from "../../protocol/Handshake.ts"
import type { Generation } from "../../protocol/Identity.ts"
import type { PluginOperator } from "../../protocol/PluginOperator.ts"

/** How a launch ended. A null code means that a signal ended it. */
export interface LaunchEnd {
  /** Whether the agent had asked for it. */
  readonly asked: boolean
  readonly code: number | null
  readonly signal: string | null
  /** The last lines that the process printed. */
  readonly output: ReadonlyArray<string>
}

export interface Launch {
  readonly generation: Generation
  readonly identity: HandshakeResponse
  readonly operator: PluginOperator["Service"]
  /** Completes when the launch is over, for whatever reason. */
  readonly ended: Effect.Effect<LaunchEnd>
}

/** The end of a launch in words: `exited with code 3`. */
export const describeEnd = (end: LaunchEnd): string => {
  const last = end.output.at(-1)
  return last === undefined ? describeExit(end) : `${describeExit(end)}; its last line was: ${last}`
}

/** The same without what it printed. */
export const describeExit = ({ code, signal }: LaunchEnd): string =>
  signal !== null ? `was ended by ${signal}` : code === null ? "ended" : `exited with code ${code}`
