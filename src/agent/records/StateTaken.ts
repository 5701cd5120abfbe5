import * as Schema from "effect/Schema"
import { formatTime } from "../../protocol/formatTime.ts"
import { partOfCommands } from "./CurrentHolder.ts"

/** This agent does not hold the state, or no longer does. What it was about to write was not written. */
export class StateTaken extends Schema.TaggedError<StateTaken>("formae/agent/records/StateTaken")("StateTaken", {
  /** The epoch that this agent had. Left out where it does not hold the state at all. */
  epoch: Schema.optionalKey(Schema.Int),
  /** The process that holds it now: all of it, also where it was shared. */
  pid: Schema.optionalKey(Schema.Int),
  /** The host of that process. */
  host: Schema.optionalKey(Schema.String),
  /** What of a shared state was this agent's: that of a forma, by its name, or of a task. Left out where the state has one holder. */
  holder: Schema.optionalKey(Schema.String),
  /** The runner that holds it now, where several agents share the state. */
  runner: Schema.optionalKey(Schema.String),
  /** Since when it holds it, in milliseconds since 1970. */
  since: Schema.optionalKey(Schema.Finite),
  /** Whether the time for which this agent may act was over, so that it stopped without looking who holds the state. */
  leaseEnded: Schema.optionalKey(Schema.Boolean),
}) {
  override get message(): string {
    if (this.leaseEnded === true) return leaseEnded
    if (this.epoch === undefined) return "This agent does not hold the state; nothing was written"
    const other = `formae (pid ${this.pid}${this.host === undefined ? "" : ` on ${this.host}`}${this.since === undefined ? "" : `, since ${formatTime(this.since)}`})`
    if (this.holder !== undefined) {
      return this.pid === undefined ? sharedMessage(this.holder, this.runner, this.since) : takenAlone(other)
    }
    const who = this.pid === undefined ? "its holding was removed from the state" : `another ${other} has taken it over`
    return `This agent no longer holds the state: ${who}. Nothing more was written; what it had begun is for the next command to find out`
  }
}

const sharedMessage = (holder: string, runner: string | undefined, since: number | undefined): string => {
  if (holder.startsWith(partOfCommands(""))) return silent
  const by =
    runner === undefined
      ? ""
      : `: ${runner}${since === undefined ? "" : ` (since ${formatTime(since)})`} has taken it over`
  return `This agent no longer holds ${holder}${by}. Nothing more was written; what it had begun is continued by the one that takes it over`
}

const takenAlone = (other: string): string =>
  `A ${other} has taken the whole state for itself, because no runner had been heard of for twelve seconds. Nothing more was written. When that one is done, start this runner again`

const silent =
  "This agent was silent for so long that it was taken for gone, so this command may not write any more. Nothing more was written; run the command again"

const leaseEnded =
  "This agent may no longer act: its lease has ended, so another one may have taken over. Nothing more was sent or written; what it had begun is continued by the one that takes it over"
