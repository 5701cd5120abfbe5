import * as Schema from "effect/Schema"

/** Another command is changing this state. Nothing was done. */
export class StateInUse extends Schema.TaggedError<StateInUse>("formae/agent/records/StateInUse")("StateInUse", {
  /** The process of the other command. */
  pid: Schema.Int,
  /** Where it runs, if not on this host. */
  host: Schema.optionalKey(Schema.String),
  /** Whether it is a command of the same agent. */
  isThisAgent: Schema.optionalKey(Schema.Boolean),
  /** When it began, in milliseconds since 1970. */
  since: Schema.Finite,
}) {
  override get message(): string {
    const since = new Date(this.since).toISOString()
    const where = this.host === undefined ? "" : ` on ${this.host}`
    const who =
      this.isThisAgent === true ? "Another command of this agent (" : `Another formae (pid ${this.pid}${where}, `
    return `${who}since ${since}) is using this state; nothing was changed`
  }
}
