/** How a change treats its resource from now on, where that is not as until now. */
import { type Care, careFor } from "../records/Care.ts"
import type { Change } from "./Change.ts"

/** What changes of the care, as it becomes. Undefined where it stays. A protection that is lifted is `{ protect: false }`. What is ignored is recorded without a word. */
export const changedCare = ({ existing, wanted }: Pick<Change, "existing" | "wanted">): Care | undefined => {
  if (existing === undefined || wanted === undefined) return undefined
  const {
    drift: before = "report",
    protect: wasProtected = false,
    retain: wasRetained = false,
  } = existing.row.care ?? {}
  const { drift = "report", protect = false, retain = false } = careFor(wanted.resource).care ?? {}
  const changed = {
    ...(protect !== wasProtected && { protect }),
    ...(retain !== wasRetained && { retain }),
    ...(drift !== before && { drift }),
  }
  return Object.keys(changed).length === 0 ? undefined : changed
}
