/** One change of a plan, as it is reported before it begins. */
import * as Schema from "effect/Schema"
import { type Change, ChangeSummary, summaryOf } from "./Change.ts"

const order = {
  /** The labels that the resource refers to or depends on. A delete waits for those that depend on it instead. */
  dependsOn: Schema.Array(Schema.String),
}

/** An intersection, because a spread would lose the comments. */
const fields: typeof ChangeSummary.fields & typeof order = { ...ChangeSummary.fields, ...order }

/** What may be reported about a change before it begins. */
export class PlannedChange extends Schema.Opaque<PlannedChange>()(Schema.Struct(fields)) {}

export const plannedOf = (change: Change): PlannedChange => ({ ...summaryOf(change), dependsOn: change.dependsOn })
