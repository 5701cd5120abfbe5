/** Which resources a command was limited to, and which were added because those need them. */
import * as Schema from "effect/Schema"

/**
 * Why a resource is part of a command although its label was not chosen.
 *
 * - `needed`: `by` refers to it or depends on it.
 * - `dependent`: it depends on `by`, which is replaced.
 * - `replaced`: it is the old resource of `by`, whose replacement is created first.
 * - `renamed`: it gives its label up to `by`.
 */
export const AddedReason = Schema.Literals(["needed", "dependent", "replaced", "renamed"])
export type AddedReason = typeof AddedReason.Type | never

/** A resource that was added to those that were chosen. */
export class AddedLabel extends Schema.Opaque<AddedLabel>()(
  Schema.Struct({
    /** Its label. */
    label: Schema.String,
    /** The label for whose sake it was added. */
    by: Schema.String,
    /** Why. */
    reason: AddedReason,
  }),
) {}

/** The resources that a command was limited to. All others are left exactly as they are. */
export class OnlyLabels extends Schema.Opaque<OnlyLabels>()(
  Schema.Struct({
    /** The labels that were chosen. */
    labels: Schema.Array(Schema.String),
    /** What was added, in the order of the plan. */
    added: Schema.Array(AddedLabel),
    /** How many resources the command would be about without a limit. */
    of: Schema.Int,
  }),
) {}
