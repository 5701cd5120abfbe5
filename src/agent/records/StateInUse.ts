import * as Schema from "effect/Schema"

/** Another command is changing this state. Nothing was done. */
export class StateInUse extends Schema.TaggedError<StateInUse>("formae/agent/records/StateInUse")("StateInUse", {
  /** The process of the other command. */
  pid: Schema.Int,
  /** Where it runs, if not on this host. */
  host: Schema.optionalKey(Schema.String),
  /** When it began, in milliseconds since 1970. */
  since: Schema.Finite,
}) {
  override get message(): string {
    const where = this.host === undefined ? "" : ` on ${this.host}`
    return `Another formae (pid ${this.pid}${where}, since ${new Date(this.since).toISOString()}) is using this state; nothing was changed`
  }
}
