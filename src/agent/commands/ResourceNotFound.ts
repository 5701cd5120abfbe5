/** Finds the resource that somebody has named by its label, and says what there is where there is none. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { knownNames } from "../forma/nearestName.ts"

/** Names a resource. */
export interface ResourceName {
  /** Its label. */
  readonly label: string
  /** The name of its forma. May be left out if only one forma has the label. */
  readonly forma?: string | undefined
}

/** A resource by its full name. */
export interface FoundResource {
  /** The name of its forma. */
  readonly forma: string
  /** Its label. */
  readonly label: string
}

/**
 * Why no resource is meant.
 *
 * - `NoSuchResource`: the state has none with this label.
 * - `NoSuchForma`: the state has nothing of the forma that was named.
 * - `InSeveral`: several formae have the label, and none was named.
 */
export const NotFoundReason = Schema.TaggedUnion({
  NoSuchResource: {
    /** The labels that there are: of the forma that was named, or else of all. */
    known: Schema.Array(Schema.String),
    /** The formae that have the label, where it is not in the one that was named. */
    elsewhere: Schema.Array(Schema.String),
  },
  NoSuchForma: {
    /** The formae that there are. */
    known: Schema.Array(Schema.String),
  },
  InSeveral: {
    /** The names of the formae. */
    formae: Schema.Array(Schema.String),
  },
})
export type NotFoundReason = typeof NotFoundReason.Type | never

/** The state has no such resource, or several. Nothing was changed. */
export class ResourceNotFound extends Schema.TaggedError<ResourceNotFound>("formae/agent/commands/ResourceNotFound")(
  "ResourceNotFound",
  {
    /** The label that was given. Empty where only a forma was named. */
    label: Schema.String,
    /** The name of the forma that was given. */
    forma: Schema.optionalKey(Schema.String),
    /** Why, as data. */
    reason: NotFoundReason,
  },
) {
  override get message(): string {
    const { forma, label, reason } = this
    switch (reason._tag) {
      case "NoSuchResource": {
        const { elsewhere, known } = reason
        const where = forma === undefined ? "" : ` in the document ${forma}`
        return elsewhere.length > 0
          ? `There is no resource ${label}${where}; it is in ${elsewhere.join(", ")}`
          : `There is no resource ${label}${where}; ${knownNames(label, `resources${where}`, known)}`
      }
      case "NoSuchForma":
        return `The state has nothing of a document ${forma}; ${knownNames(forma ?? "", "documents", reason.known)}`
      case "InSeveral":
        return `The label ${label} is in several documents, and none was named: ${reason.formae.join(", ")}`
    }
  }
}

/** `known` are the resources that there are. */
export const findResource = (
  { forma, label }: ResourceName,
  known: ReadonlyArray<FoundResource>,
): Result.Result<FoundResource, ResourceNotFound> => {
  const refuse = (reason: NotFoundReason) =>
    Result.fail(new ResourceNotFound({ label, reason, ...(forma === undefined ? {} : { forma }) }))
  const formae = [...new Set(known.map((one) => one.forma))]
  if (forma !== undefined && !formae.includes(forma)) return refuse({ _tag: "NoSuchForma", known: formae })
  const owners = [...new Set(known.flatMap((one) => (one.label === label ? [one.forma] : [])))]
  const meant = forma === undefined ? owners : owners.filter((one) => one === forma)
  if (meant.length > 1) return refuse({ _tag: "InSeveral", formae: meant })
  const [only] = meant
  if (only !== undefined) return Result.succeed({ forma: only, label })
  const there = known.filter((one) => forma === undefined || one.forma === forma)
  return refuse({
    _tag: "NoSuchResource",
    known: [...new Set(there.map((one) => one.label))],
    elsewhere: owners,
  })
}

/**
 * Why a selection means nothing, if it does: of each label, something has to be
 * there, in whichever forma. `documents` are the names of all documents that the
 * state knows, also those that have no resources.
 */
export const refusalOfSelection = (
  { forma, labels = [] }: { readonly forma?: string | undefined; readonly labels?: ReadonlyArray<string> | undefined },
  known: ReadonlyArray<FoundResource>,
  documents: ReadonlyArray<string>,
): ResourceNotFound | undefined => {
  for (const label of labels) {
    const found = findResource({ forma, label }, known)
    if (Result.isFailure(found) && found.failure.reason._tag !== "InSeveral") return found.failure
  }
  const formae = [...new Set([...known.map((one) => one.forma), ...documents])]
  if (forma === undefined || formae.includes(forma)) return undefined
  return new ResourceNotFound({ label: "", forma, reason: { _tag: "NoSuchForma", known: formae } })
}
