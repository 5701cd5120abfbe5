/** Who has asked for the command that is running, so that the journal and the events of the command can say so. */
import * as Context from "effect/Context"

/** Who has asked for a command. */
export interface Asked {
  /** A name for people, such as that of a token or of a user. `local` where the command runs in the process of its user. */
  readonly by: string
  /** The key of the request, where the command was asked for over the API. */
  readonly request?: string | undefined
}

/**
 * Who has asked for the command that runs in this fiber. Its events are published
 * and its entries are written in fibers of the command, which inherit it.
 */
export const CurrentAsked = Context.Reference<Asked>("formae/agent/records/CurrentAsked", {
  defaultValue: () => ({ by: "local" }),
})

/** Who has asked for a command that a sync runs, to set back what has drifted. */
export const askedByRepair = "drift: repair"
