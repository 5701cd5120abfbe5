/** The refusal to overwrite or delete what was changed elsewhere, where a document says that it has to be asked. */
import * as Schema from "effect/Schema"
import type { Change } from "../plan/Change.ts"
import { tokensOf } from "../../protocol/PathTree.ts"
import { sealedNames } from "../secrets/Seals.ts"

/** A resource that was changed or deleted elsewhere. */
const Drifted = Schema.Struct({
  /** The label of the resource. */
  label: Schema.String,
  /** The resource type. */
  type: Schema.String,
  /** The places that were changed elsewhere, as JSON Pointers. None where the resource was deleted. */
  places: Schema.Array(Schema.String),
  /** Those of the places that are secret: they may have been changed. Left out where there are none. */
  secrets: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Whether the resource would be deleted. Left out where it would not. */
  deleted: Schema.optionalKey(Schema.Literal(true)),
})

/** Which drift a command may overwrite or delete: that of these labels, or what `confirm` says yes to. */
export type AcceptedDrift = ReadonlyArray<string> | "confirmed"

/** The command would overwrite or delete what was changed elsewhere in resources with `drift: ask`. Nothing was done. */
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
    const { resources } = this
    // A document, its target or the configuration may have said so.
    const them = resources.length === 1 ? "it" : "them"
    return `Nothing was done, because ${resources.map(whatHappened).join("; ")}, and "drift: ask" applies to ${them}. ${wayOut(resources, them)}`
  }
}

type Drifted = typeof Drifted.Type

const whatHappened = ({ deleted, label, places, secrets = [], type }: Drifted): string => {
  const named = `${label} (${type})${deleted === true ? ", which would be deleted," : ""}`
  if (places.length === 0) return `${named} was deleted outside of formae`
  const certain = places.filter((place) => !secrets.includes(place)).join(", ")
  const perhaps =
    secrets.length === 0 ? "" : `${secrets.join(", ")}, which ${secrets.length === 1 ? "is" : "are"} secret`
  if (certain === "") return `${named} may have been changed outside of formae at ${perhaps}`
  return `${named} was changed outside of formae at ${certain}${perhaps && `, and perhaps at ${perhaps}`}`
}

const wayOut = (resources: ReadonlyArray<Drifted>, it: string): string =>
  resources.every(({ deleted }) => deleted === true)
    ? `Keep ${it}, or accept that the changes are lost`
    : `Put what is there now into the document, or accept that it is overwritten${resources.some(({ deleted }) => deleted === true) ? " or deleted" : ""}`

/** What of a plan overwrites or deletes drift that was not accepted. Undefined where nothing does. */
export const notAccepted = (
  forma: string,
  changes: ReadonlyArray<Change>,
  accepted: ReadonlyArray<string>,
): DriftNotAccepted | undefined => {
  const resources = changes.flatMap((change): ReadonlyArray<Drifted> => {
    const { asksDrift, existing, label, operation, type } = change
    if (asksDrift === undefined || operation === "noop" || accepted.includes(label)) return []
    const sealed = sealedNames(existing?.row.desired ?? {})
    const secrets = asksDrift.filter((pointer) => sealed.includes(tokensOf(pointer)[0] ?? ""))
    return [
      {
        label,
        type: existing?.row.type ?? type,
        places: asksDrift,
        ...(secrets.length === 0 ? {} : { secrets }),
        ...(operation === "delete" ? { deleted: true } : {}),
      },
    ]
  })
  return resources.length === 0 ? undefined : new DriftNotAccepted({ forma, resources })
}

/** The labels of a plan that was confirmed: what drift it asks for was accepted. Null where it asks for none. */
export const labelsAccepted = (changes: ReadonlyArray<Change>): ReadonlyArray<string> | null => {
  const labels = changes.flatMap(({ asksDrift, label }) => (asksDrift === undefined ? [] : [label]))
  return labels.length === 0 ? null : labels
}
