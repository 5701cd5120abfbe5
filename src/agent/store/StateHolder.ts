/** Who holds a state, as the row of the state says it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { AgentProcesses } from "./AgentProcesses.ts"
import { isMarked } from "./ProcessMarks.ts"

/** What shows that a holder is still there: a lock that ends with it, a session on a server, or its process alone. */
export const HolderKind = Schema.Literals(["lock", "process", "session"])
export type HolderKind = typeof HolderKind.Type

/** An agent that holds a state, as the row of the state names it. */
export class StateHolder extends Schema.Opaque<StateHolder>()(
  Schema.Struct({
    /** A random id, which no other holding has, with what `ownerOf` puts before it. */
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

/** What the `owner` of a holding begins with that lasts a moment only. */
const momentMark = "moment-"

/** The `owner` of a new holding. */
export const ownerOf = (id: string, lasts: "moment" | "command"): string =>
  lasts === "moment" ? `${momentMark}${id}` : id

/** Whether the state is free again in a moment. Without a holder in its row, it is being taken or given back. */
export const isForAMoment = (holder: StateHolder | undefined): boolean =>
  holder === undefined || holder.owner.startsWith(momentMark)

/** Whether the process of a holder cannot be seen from here: that of another host, or of another container. */
export const isElsewhere = (
  processes: AgentProcesses["Service"],
  { host, start }: Pick<StateHolder, "host" | "start">,
): boolean => host !== processes.host || !processes.canSee(start)

/** Whether the process of a holder is there. One that cannot be seen counts as there. */
export const isProcessThere = (processes: AgentProcesses["Service"], holder: StateHolder): Effect.Effect<boolean> => {
  if (isElsewhere(processes, holder)) return Effect.succeed(true)
  const { owner, pid, start } = holder
  // Any thread and any copy of this package may hold it. Without a mark, the holder is gone: an earlier process with this id, or a thread that has ended.
  return pid === processes.pid ? isMarked(owner) : processes.isRunning(pid, start)
}
