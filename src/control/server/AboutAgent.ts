/** What the agent says of itself. */
import * as Context from "effect/Context"

/** What the agent says of itself. */
export interface About {
  /** The path of its state file. Null where it has none. */
  readonly stateFile: string | null
  /** Its process. */
  readonly pid: number
  /** The URL at which it listens beside its socket, once it does. */
  readonly address?: (() => string | undefined) | undefined
}

/** What the agent says of itself. A host that serves an agent sets it. */
export const AboutAgent = Context.Reference<About>("formae/control/server/AboutAgent", {
  defaultValue: () => ({ stateFile: null, pid: process.pid }),
})
