/** The care that a plan asks for resources that exist, where it is another than they have. */
import * as Equal from "effect/Equal"
import { careFor } from "../records/Care.ts"
import type { NewCare } from "../records/Relabelling.ts"
import type { Change } from "./Change.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"

export const newCares = (changes: ReadonlyArray<Change>): ReadonlyArray<NewCare> =>
  changes.flatMap(({ existing, label, wanted }): ReadonlyArray<NewCare> => {
    if (existing === undefined) return []
    const { care } = existing.row
    // The old half of a replacement has the care already that its document asks for.
    if (wanted === undefined) return replacedLabelOf(label) === undefined ? [] : [{ label, care }]
    const asked = careFor(wanted.resource)
    return Equal.equals(asked.care, care) ? [] : [{ label, ...asked }]
  })
