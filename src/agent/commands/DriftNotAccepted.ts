/** The refusal to overwrite what was changed elsewhere, where a document says that it has to be asked. */
import * as Schema from "effect/Schema"
import type { Change } from "../plan/Change.ts"

/** A resource that was changed or deleted elsewhere. */
const Drifted = Schema.Struct({
  /** The label of the resource. */
  label: Schema.String,
  /** The resource type. */
  type: Schema.String,
  /** The places that were changed elsewhere, as JSON Pointers. None where the resource was deleted. */
  places: Schema.Array(Schema.String),
})

/** Which drift an apply may overwrite: that of these labels, or what `confirm` says yes to. */
export type AcceptedDrift = ReadonlyArray<string> | "confirmed"

/** The apply would overwrite what was changed elsewhere in resources with `drift: ask`. Nothing was done. */
export class DriftNotAccepted extends Schema.TaggedError<DriftNotAccepted>("formae/agent/commands/DriftNotAccepted")(
  "DriftNotAccepted",
  {
    /** The name of the forma. */
    forma: Schema.String,
    /** The resources, in the order of the plan. */
    resources: Schema.Array(Drifted),
  },
) {
  override get message(): string {
    const each = this.resources.map(({ label, places, type }) =>
      places.length === 0
        ? `${label} (${type}) was deleted outside of formae`
        : `${label} (${type}) was changed outside of formae at ${places.join(", ")}`,
    )
    const [it, says] = each.length === 1 ? ["it", "its document says"] : ["them", "the document says of them"]
    return `Nothing was done, because ${each.join("; ")}, and ${says} "drift: ask". Put what is there now into the document, or accept that the apply overwrites ${it}`
  }
}

/** What of a plan overwrites drift that was not accepted. Undefined where nothing does. */
export const notAccepted = (
  forma: string,
  changes: ReadonlyArray<Change>,
  accepted: ReadonlyArray<string>,
): DriftNotAccepted | undefined => {
  const resources = changes.flatMap(({ asksDrift, label, operation, type }) =>
    asksDrift === undefined || operation === "noop" || accepted.includes(label)
      ? []
      : [{ label, type, places: asksDrift }],
  )
  return resources.length === 0 ? undefined : new DriftNotAccepted({ forma, resources })
}
