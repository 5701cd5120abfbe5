/** Why a command cannot be limited to the labels that were chosen. */
import * as Schema from "effect/Schema"
import { knownNames } from "../forma/nearestName.ts"

/**
 * Why a command cannot be limited so.
 *
 * - `NoSuchLabel`: neither the document nor the state has a resource with this label.
 * - `Renamed`: the document has the resource under another label now.
 * - `StillNeeded`: it would be deleted or replaced, and what depends on it has to
 *   be changed before, and was not chosen.
 * - `OfDestroy`: a destroy cannot be limited.
 */
export const OnlyReason = Schema.TaggedUnion({
  NoSuchLabel: {
    /** The label that was chosen. */
    label: Schema.String,
    /** The labels that there are. */
    known: Schema.Array(Schema.String),
  },
  Renamed: {
    /** The label that was chosen. */
    label: Schema.String,
    /** The label that the resource has now. */
    to: Schema.String,
  },
  StillNeeded: {
    /** The label of what would be deleted or replaced. */
    label: Schema.String,
    /** What would be done to it. */
    operation: Schema.Literals(["delete", "replace"]),
    /** The labels of what depends on it and was not chosen. */
    by: Schema.Array(Schema.String),
  },
  OfDestroy: {},
})
export type OnlyReason = typeof OnlyReason.Type | never

/** A command cannot be limited to the labels that were chosen. Nothing was done. */
export class OnlyRefused extends Schema.TaggedError<OnlyRefused>("formae/agent/plan/OnlyRefused")("OnlyRefused", {
  /** The name of the forma. */
  forma: Schema.String,
  /** Why, as data. */
  reason: OnlyReason,
}) {
  override get message(): string {
    const { forma, reason } = this
    switch (reason._tag) {
      case "NoSuchLabel":
        return `Nothing was done, because the document ${forma} has no resource ${reason.label}; ${knownNames(reason.label, `resources of ${forma}`, reason.known)}`
      case "Renamed":
        return `Nothing was done, because the resource that was ${reason.label} is ${reason.to} in the document now; choose ${reason.to}`
      case "StillNeeded": {
        const { by, label, operation } = reason
        const [depends, them] = by.length === 1 ? ["depends", "it"] : ["depend", "them"]
        return `Nothing was done, because ${label} would be ${operation}d, and ${by.join(", ")}, which ${depends} on it, would have to be changed before; choose ${them} too, or leave ${label} out`
      }
      case "OfDestroy":
        return `Nothing was done, because a destroy deletes all resources of ${forma}. To delete some of them, take them out of the document and apply it`
    }
  }
}
