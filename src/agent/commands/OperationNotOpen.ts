import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { changeOperationOf } from "../plan/Change.ts"
import { OpenOperation } from "../records/ChangeError.ts"

/** Names an open operation. */
export interface OperationName {
  /** The label of its resource. */
  readonly label: string
  /** May be left out if the label is open in only one forma. */
  readonly forma?: string | undefined
}

/**
 * Why an operation cannot be settled.
 *
 * - `NoSuchOperation`: no operation on the label is open.
 * - `OpenInSeveral`: the label is open in several formae, and none was named.
 * - `NotACreate`: only a create can be adopted. Any other operation is resumed or
 *   forgotten.
 * - `InInventory`: the inventory has the resource already, as that of another
 *   label.
 * - `NotAtProvider`: the provider has no resource with this native id.
 */
export const NotOpenReason = Schema.TaggedUnion({
  NoSuchOperation: {
    /** The operations that are open: of the forma if it has some, or else of all. */
    open: Schema.Array(OpenOperation),
  },
  OpenInSeveral: {
    /** The names of the formae. */
    formae: Schema.Array(Schema.String),
  },
  NotACreate: {
    /** The operation that is open. */
    openOperation: OpenOperation,
  },
  InInventory: {
    /** The id that was given. */
    nativeId: NativeId,
    /** The forma that has the resource. */
    forma: Schema.String,
    /** Its label there. */
    label: Schema.String,
  },
  NotAtProvider: {
    /** The resource type. */
    type: ResourceType,
    /** The id that was given. */
    nativeId: NativeId,
  },
})
export type NotOpenReason = typeof NotOpenReason.Type | never

/** The named operation cannot be settled: it is not open, or not in this way. Nothing was changed. */
export class OperationNotOpen extends Schema.TaggedError<OperationNotOpen>("formae/agent/commands/OperationNotOpen")(
  "OperationNotOpen",
  {
    /** The label of the operation. */
    label: Schema.String,
    /** Why, as data. */
    reason: NotOpenReason,
  },
) {
  override get message(): string {
    const { label, reason } = this
    switch (reason._tag) {
      case "NoSuchOperation": {
        const open = reason.open.map((one) => `${one.forma}/${one.label}`)
        const known = open.length === 0 ? "no operation is open" : `these operations are open: ${open.join(", ")}`
        return `There is nothing to settle for ${label}; ${known}`
      }
      case "OpenInSeveral":
        return `${label} is open in several formae, and none was named: ${reason.formae.join(", ")}`
      case "NotACreate":
        return `${label} is already in the inventory, and its ${changeOperationOf[reason.openOperation.kind]} is not finished, but can be resumed; nothing was changed`
      case "InInventory":
        return `The inventory already has ${reason.nativeId}, as ${reason.forma}/${reason.label}; nothing was changed`
      case "NotAtProvider":
        return `The provider has no ${reason.type} ${reason.nativeId}; nothing was changed`
    }
  }
}
