import * as Schema from "effect/Schema"

/**
 * Why a command was not confirmed.
 *
 * - `Declined`: the answer was no.
 * - `Stopped`: the command was asked to stop before there was an answer.
 * - `KeepsChanging`: each time, what would have been done was another thing by
 *   the time of the answer.
 */
export const NotConfirmedReason = Schema.Literals(["Declined", "Stopped", "KeepsChanging"])
export type NotConfirmedReason = typeof NotConfirmedReason.Type | never

const words: Readonly<Record<NotConfirmedReason, string>> = {
  Declined: "the answer was no",
  Stopped: "the command was asked to stop before there was an answer",
  KeepsChanging: "what would be done has changed each time before there was an answer",
}

/** Nothing of what a command was about to do was done, because it was not confirmed. */
export class NotConfirmed extends Schema.TaggedError<NotConfirmed>("formae/agent/commands/NotConfirmed")(
  "NotConfirmed",
  {
    /** The name of the forma. */
    forma: Schema.String,
    /** Why. */
    reason: NotConfirmedReason,
    /** The labels of resources whose operations earlier commands had left open. They were taken up before. */
    takenUp: Schema.Array(Schema.String),
  },
) {
  override get message(): string {
    const before =
      this.takenUp.length === 0
        ? ""
        : `. What earlier commands had left open was taken up before: ${this.takenUp.join(", ")}`
    return `Nothing of the plan for ${this.forma} was done, because ${words[this.reason]}${before}`
  }
}
