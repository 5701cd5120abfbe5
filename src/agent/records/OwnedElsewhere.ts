import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"

/** The inventory has this thing under another label already, and one thing has one owner. Nothing was recorded. */
export class OwnedElsewhere extends Schema.TaggedError<OwnedElsewhere>("formae/agent/records/OwnedElsewhere")(
  "OwnedElsewhere",
  {
    /** The type of the thing. */
    type: ResourceType,
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /** The forma that owns it. */
    forma: Schema.String,
    /** The label of its owner in that forma. */
    label: Schema.String,
  },
) {
  override get message(): string {
    return ownedMessage(this)
  }
}

/** Says who owns a thing. */
export const ownedMessage = ({
  forma,
  label,
  nativeId,
  type,
}: Pick<OwnedElsewhere, "forma" | "label" | "nativeId" | "type">): string =>
  `the ${type} ${nativeId} belongs to ${forma}/${label} already, and one thing has one owner`
