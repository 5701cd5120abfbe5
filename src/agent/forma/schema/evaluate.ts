/** Applies a JSON Schema (draft 2020-12) to a value: an interpreter, so that nothing of a schema is ever run as code. */
import { noSuchField } from "../../../protocol/Issue.ts"
import { inPlaceKeywords } from "./inPlaceKeywords.ts"
import { applyUnevaluated, insideKeywords } from "./insideKeywords.ts"
import type { Application, Keywords, Run, Scope } from "./Keyword.ts"
import { isObject, widthOf } from "./json.ts"
import { All, invalid, type Outcome, unknown, valid } from "./Outcome.ts"
import type { Place } from "./Place.ts"
import type { Resource } from "./SchemaIndex.ts"
import { nothingAllowed, takeOut } from "./sentences.ts"
import { valueKeywords } from "./valueKeywords.ts"

const noSuchItem = "there is no such item"

const keywords: Keywords = { ...valueKeywords, ...insideKeywords, ...inPlaceKeywords }

/** What a schema says of a value, and where the work ended if it was too much. */
export const evaluate = (root: unknown, at: Place, parts: Omit<Run, "apply">): Outcome => {
  const run: Run = {
    ...parts,
    apply: (schema, place, scope, resource) =>
      parts.work.deeper(place, unknown, () => apply(schema, place, scope, resource)),
  }
  const apply = (schema: unknown, place: Place, outer: Scope, resource?: Resource): Outcome => {
    if (!run.work.spend(1, place)) return unknown
    if (schema === true) return valid
    if (schema === false) {
      const message = place === at ? nothingAllowed : typeof place.key === "number" ? noSuchItem : noSuchField
      return invalid({ at: place, message, wayOut: takeOut, isUnexpected: true })
    }
    // What is behind a reference is not known before it is resolved.
    if (!isObject(schema) || place.references === true) return unknown
    const own = run.index.resourceOf(schema) ?? resource ?? outer.resource
    if (!own.isKnown) return unknown
    const scope = own === outer.resource ? outer : { resource: own, outer }
    const outcome = applyKeywords({ schema, at: place, run, scope })
    // What was seen is copied where this was applied.
    return run.work.spend((outcome.seen?.size ?? 0) / 4, place) ? outcome : { ...outcome, mayHaveSeenMore: true }
  }
  return run.apply(root, at, { resource: parts.index.root, outer: undefined })
}

const applyKeywords = (application: Application): Outcome => {
  const { at, run, schema } = application
  const all = new All()
  const width = widthOf(at.value)
  for (const name of Object.keys(schema)) {
    if (!run.work.spend(1, at)) {
      all.add(unknown)
      break
    }
    if (!Object.hasOwn(keywords, name)) continue
    // A keyword may go through all that it has, and all that it is applied to, before it applies anything.
    if (!run.work.spend(widthOf(schema[name]) / 4 + width / 2, at)) {
      all.add(unknown)
      break
    }
    const outcome = keywords[name]?.(schema[name], application)
    if (outcome !== undefined) all.add(outcome)
  }
  if (run.index.hasUnevaluated) applyUnevaluated(application, all)
  return withoutType(all.outcome(), at)
}

/** Literals say more than the type that they have. */
const withoutType = (outcome: Outcome, at: Place): Outcome => {
  const { found } = outcome
  if (found.length < 2 || !found.some((one) => one.at === at && one.expected?.of === "literal")) return outcome
  return { ...outcome, found: found.filter((one) => one.at !== at || one.expected?.of !== "type") }
}
