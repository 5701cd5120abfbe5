import * as Schema from "effect/Schema"

/**
 * Why a label cannot be changed.
 *
 * - `SameLabel`: the new label is the old one.
 * - `InvalidLabel`: the new label cannot be one.
 * - `LabelTaken`: another resource has the new label.
 * - `OperationOpen`: an operation on one of the two labels has not ended.
 * - `CommandUnfinished`: a command of the forma was cut off or canceled. To
 *   resume it would take its document, which has the old label.
 */
export const MoveReason = Schema.TaggedUnion({
  SameLabel: {},
  InvalidLabel: {
    /** What a label may be, as a sentence. */
    expected: Schema.String,
  },
  LabelTaken: {},
  OperationOpen: {
    /** The label whose operation has not ended. */
    open: Schema.String,
  },
  CommandUnfinished: {
    /** The id of the command. */
    commandId: Schema.String,
  },
})
export type MoveReason = typeof MoveReason.Type | never

/** The resource does not get the label. Nothing was changed. */
export class MoveRefused extends Schema.TaggedError<MoveRefused>("formae/agent/commands/MoveRefused")("MoveRefused", {
  /** The name of the forma. */
  forma: Schema.String,
  /** The label of the resource. */
  from: Schema.String,
  /** The label that it should get. */
  to: Schema.String,
  /** Why not, as data. */
  reason: MoveReason,
}) {
  override get message(): string {
    const { forma, from, reason, to } = this
    const start = `${forma}/${from} cannot be renamed to ${to}`
    switch (reason._tag) {
      case "SameLabel":
        return `${start}: it has that label already`
      case "InvalidLabel":
        return `${start}: ${reason.expected}`
      case "LabelTaken":
        return `${start}: another resource of the document has that label`
      case "OperationOpen":
        return `${start}: an operation on ${reason.open} has not ended`
      case "CommandUnfinished":
        return `${start}: a command of this document was cut off or canceled, and its document has the old label`
    }
  }
}
