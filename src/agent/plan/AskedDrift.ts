/** Marks what a plan would overwrite although the document says that it has to be asked. Pure. */
import { valueInside } from "./Comparison.ts"
import { ignoredPlaces } from "../forma/IgnoredPlaces.ts"
import { isSeal } from "../secrets/Seals.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Change, ExistingResource, WantedResource } from "./Change.ts"
import { canonicalProperties, pointerOf } from "./Comparison.ts"
import { driftFindings } from "./Drift.ts"
import { formerCapabilities } from "./formerSecrets.ts"
import { isSame } from "./isSame.ts"
import type { KnownForms } from "./KnownForms.ts"
import { nodeAt } from "./ShownPlaces.ts"

/** The places that were changed elsewhere, and that are not what is wanted now either. */
const overwritten = (
  { compared, operation }: Change,
  wanted: WantedResource,
  { actual = {}, prior, row, unchangedSecrets = [] }: ExistingResource,
  forms: KnownForms,
): ReadonlyArray<string> => {
  const capabilities = formerCapabilities(wanted, { row })
  const canonical = { prior: forms.of(capabilities, prior), actual: forms.of(capabilities, actual) }
  const ignored = ignoredPlaces(wanted.resource)
  const present = canonicalProperties(canonical.actual, capabilities)
  const asked = canonicalProperties(forms.of(capabilities, compared ?? wanted.resource.properties ?? {}), capabilities)
  return driftFindings({ row, prior, actual, canonical, ignored }, capabilities).flatMap(({ place }) => {
    const [name = ""] = place
    // What was asked for last is not known, so it differs from everything.
    if (isSeal(ownValue(prior, name)) && unchangedSecrets.includes(name)) return []
    const stays = isSame(valueInside(asked, place), valueInside(present, place), nodeAt(capabilities, place))
    return stays && operation === "update" ? [] : [pointerOf(place)]
  })
}

/** The same change, with what it may overwrite only where that is accepted. */
export const withAskedDrift =
  (forms: KnownForms) =>
  (change: Change): Change => {
    const { blocked, deletedOutside, existing, operation, wanted } = change
    if (wanted === undefined) return withAskedDeletion(change)
    if (wanted.resource.drift !== "ask" || blocked !== undefined) return change
    if (operation === "create") return deletedOutside === true ? { ...change, asksDrift: [] } : change
    const isChanged = operation === "update" || operation === "replace"
    if (!isChanged || existing === undefined) return change
    if (givesWay(existing, wanted)) return withAskedDeletion(change)
    return asking(change, overwritten(change, wanted, existing, forms))
  }

/** The same for a change that deletes what exists, whatever may come in its place. */
export const withAskedDeletion = (change: Change): Change =>
  change.blocked !== undefined || change.operation === "forget"
    ? change
    : asking(change, change.existing?.drifted ?? [])

const asking = (change: Change, asksDrift: ReadonlyArray<string>): Change =>
  asksDrift.length === 0 ? change : { ...change, asksDrift }

/** Whether a resource of another type comes in its place. What that wants says nothing about it. */
export const givesWay = ({ row }: ExistingResource, { resource }: WantedResource): boolean => row.type !== resource.type
