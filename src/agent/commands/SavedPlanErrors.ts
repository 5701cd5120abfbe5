/** Why a plan cannot be saved, and why a saved one cannot be used. */
import * as Schema from "effect/Schema"

/** A plan was not saved, because an apply could not do it as it shows it. */
export class PlanNotSaved extends Schema.TaggedError<PlanNotSaved>("formae/agent/commands/PlanNotSaved")(
  "PlanNotSaved",
  {
    /** The name of the forma. */
    forma: Schema.String,
    /** The resources that are in the way. */
    resources: Schema.Array(
      Schema.Struct({
        /** The label of the resource. */
        label: Schema.String,
        /** Why it cannot be changed. Null where an operation on it is still open. */
        error: Schema.NullOr(Schema.String),
      }),
    ),
  },
) {
  override get message(): string {
    const each = this.resources.map(({ error, label }) => `${label}: ${error ?? "an operation on it is still open"}`)
    return `The plan for ${this.forma} was not saved, because an apply could not do what it shows. ${each.join("; ")}`
  }
}

/**
 * Why a saved plan cannot be used.
 *
 * - `Damaged`: it is cut off, or was changed.
 * - `OtherState`: it was made for another state, whose key locks it.
 * - `KeyChanged`: the key of the state was changed since it was made.
 * - `LaterVersion`: its format is that of a later version of formae.
 */
export const SavedPlanReason = Schema.TaggedUnion({
  Damaged: {},
  OtherState: {},
  KeyChanged: {},
  LaterVersion: {
    /** The version of formae that has made it. Null where it does not say so. */
    agentVersion: Schema.NullOr(Schema.String),
  },
})
export type SavedPlanReason = typeof SavedPlanReason.Type | never

const wordsOf = (reason: SavedPlanReason): string => {
  switch (reason._tag) {
    case "Damaged":
      return "it is damaged"
    case "OtherState":
      return "it was made for another state, and only the key of that state opens it"
    case "KeyChanged":
      return "the key of the state was changed after it was made"
    case "LaterVersion":
      return `it was made by a later version of formae${reason.agentVersion === null ? "" : ` (${reason.agentVersion})`}`
  }
}

/** A saved plan cannot be used. Nothing was done. */
export class SavedPlanUnusable extends Schema.TaggedError<SavedPlanUnusable>("formae/agent/commands/SavedPlanUnusable")(
  "SavedPlanUnusable",
  {
    /** How the caller calls the plan, such as its file. */
    plan: Schema.String,
    /** What is wrong with it. */
    reason: SavedPlanReason,
  },
) {
  // Inferred from the schema, the type would be written out instead of named.
  /** What is wrong with it. */
  declare readonly reason: SavedPlanReason

  override get message(): string {
    return `The saved plan ${this.plan} cannot be used: ${wordsOf(this.reason)}. Nothing was done`
  }
}
