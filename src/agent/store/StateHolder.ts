/** Who holds a state, as the row of the state says it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { AgentProcesses } from "./AgentProcesses.ts"
import { isMarked } from "./ProcessMarks.ts"

/** What shows that a holder is still there: a lock that ends with it, or its process alone. */
export const HolderKind = Schema.Literals(["lock", "process"])
export type HolderKind = typeof HolderKind.Type

/** An agent that holds a state, as the row of the state names it. */
export class StateHolder extends Schema.Opaque<StateHolder>()(
  Schema.Struct({
    /** A random id, which no other holding has. */
    owner: Schema.String,
    /** What shows that it is still there. */
    kind: HolderKind,
    /** The id of its process. */
    pid: Schema.Int,
    /** The name of its host. */
    host: Schema.String,
    /** The `start` of the process. Null where the system did not tell. */
    start: Schema.NullOr(Schema.String),
    /** Since when it holds the state, in milliseconds since 1970. */
    since: Schema.Finite,
  }),
) {}

/** Whether the process of a holder is there. A process of another host cannot be seen, and counts as there. */
export const isProcessThere = (
  processes: AgentProcesses["Service"],
  { host, owner, pid, start }: StateHolder,
): Effect.Effect<boolean> => {
  if (host !== processes.host) return Effect.succeed(true)
  // Any thread and any copy of this package may hold it. Without a mark, the holder is gone: an earlier process with this id, or a thread that has ended.
  return pid === processes.pid ? isMarked(owner) : processes.isRunning(pid, start)
}
