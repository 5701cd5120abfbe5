/** The refusal of a plan that was shown, when another thing would be done now. */
import * as Schema from "effect/Schema"
import { ChangeOperation } from "../plan/Change.ts"

/** What a plan says of a resource beside its operation and its properties. The names are those of `ResourceResult`. */
export const PlanFact = Schema.Literals([
  "type",
  "nativeId",
  "error",
  "openOperation",
  "changed",
  "forcedBy",
  "seenOutside",
  "deletedOutside",
  "movedFrom",
  "sharedWith",
  "changedCare",
])
export type PlanFact = typeof PlanFact.Type | never

/** How a resource differs from what a plan shows. It holds no value of a property. */
export class PlanDifference extends Schema.Opaque<PlanDifference>()(
  Schema.Struct({
    /** The label of the resource. */
    label: Schema.String,
    /** What the plan shows. Null where the resource is not in it. */
    shown: Schema.NullOr(ChangeOperation),
    /** What would be done now. Null where there is no such resource any more. */
    now: Schema.NullOr(ChangeOperation),
    /** The places in its properties that differ, as JSON Pointers. */
    places: Schema.Array(Schema.String),
    /** What else differs. */
    facts: Schema.Array(PlanFact),
    /** Why it cannot be changed now. Left out where it can. */
    error: Schema.optionalKey(Schema.String),
  }),
) {}

const asShown = "as the plan shows it"

const factWords: Readonly<Record<PlanFact, string>> = {
  type: `its type is not ${asShown}`,
  nativeId: `its native id is not ${asShown}`,
  error: `why it cannot be changed is not ${asShown}`,
  openOperation: "an operation on it is still open",
  changed: `which of its properties differ is not ${asShown}`,
  forcedBy: `what forces a replacement is not ${asShown}`,
  seenOutside: `what others have added to it is not ${asShown}`,
  deletedOutside: `that it was deleted elsewhere is not ${asShown}`,
  movedFrom: `its earlier label is not ${asShown}`,
  sharedWith: "its owners are not as the plan shows them",
  changedCare: `whether it is protected or kept is not ${asShown}`,
}

/** What matters most: the operation, then the places, then the rest. */
const describeDifference = ({ error, facts, now, places, shown }: PlanDifference): string => {
  if (error !== undefined) return `it cannot be changed now: ${error}`
  if (facts.includes("openOperation")) return factWords.openOperation
  if (shown === null) return `it is not in the plan, and now it would be ${now}`
  if (now === null) return `the plan shows ${shown}, and now there is no such resource`
  if (shown !== now) {
    return `the plan shows ${shown}, and now ${now === "noop" ? "there is nothing to do" : `it would be ${now}`}`
  }
  if (places.length > 0) return `${places.join(", ")} ${places.length === 1 ? "is" : "are"} not ${asShown}`
  return facts.map((fact) => factWords[fact]).join(", ")
}

/** Something has changed since a plan was made, so that it would not be done as it was shown. Nothing was done. */
export class PlanOutdated extends Schema.TaggedError<PlanOutdated>("formae/agent/commands/PlanOutdated")(
  "PlanOutdated",
  {
    /** The name of the forma. */
    forma: Schema.String,
    /** Each resource that differs. */
    differences: Schema.Array(PlanDifference),
    /** The names of the outputs that would change in another way. Left out where none would. */
    outputs: Schema.optionalKey(Schema.Array(Schema.String)),
  },
) {
  override get message(): string {
    const each = [
      ...this.differences.map((one) => `${one.label}: ${describeDifference(one)}`),
      ...(this.outputs ?? []).map((name) => `output ${name}: its change is not ${asShown}`),
    ]
    return `Nothing of the plan for ${this.forma} was done, because it is out of date. ${each.join("; ")}`
  }
}
