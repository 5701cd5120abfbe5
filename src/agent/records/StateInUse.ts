import * as Schema from "effect/Schema"
import { formatTime } from "../../protocol/formatTime.ts"

/** Another command is changing this state. Nothing was done. */
export class StateInUse extends Schema.TaggedError<StateInUse>("formae/agent/records/StateInUse")("StateInUse", {
  /** The process of the other command. Left out where it is only known that there is one. */
  pid: Schema.optionalKey(Schema.Int),
  /** The host where it runs, if its process cannot be seen from here: on another host, or in another container. */
  host: Schema.optionalKey(Schema.String),
  /** The runner that runs it, if it is another one of those that share the state. */
  runner: Schema.optionalKey(Schema.String),
  /** The runners that share the state, where it is theirs and not that of one command. */
  runners: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Whether it is a command of the same agent. */
  isThisAgent: Schema.optionalKey(Schema.Boolean),
  /** When it began, in milliseconds since 1970. */
  since: Schema.optionalKey(Schema.Finite),
}) {
  override get message(): string {
    const { runners = [] } = this
    if (runners.length === 1) return `The runner ${runners[0]} is using this state; nothing was changed`
    if (runners.length > 1) return `The runners ${runners.join(", ")} are using this state; nothing was changed`
    const facts = [
      ...(this.pid === undefined || this.isThisAgent === true
        ? []
        : [`pid ${this.pid}${this.host === undefined ? "" : ` on ${this.host}`}`]),
      ...(this.since === undefined ? [] : [`since ${formatTime(this.since)}`]),
    ]
    const other = this.runner === undefined ? "Another formae" : `A command of ${this.runner}`
    const who = this.isThisAgent === true ? "Another command of this agent" : other
    return `${who}${facts.length === 0 ? "" : ` (${facts.join(", ")})`} is using this state; nothing was changed`
  }
}
