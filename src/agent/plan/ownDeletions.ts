/** What formae was deleting itself when it was cut off: that it is gone was not done elsewhere. Pure. */
import * as Struct from "effect/Struct"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { Change } from "./Change.ts"

/** The same change, which does not say that somebody else has deleted what an open operation deletes. */
export const withOwnDeletions = (
  open: ReadonlyArray<Pick<JournalEntry, "kind" | "label">>,
): ((change: Change) => Change) => {
  const deleting = new Set(open.flatMap(({ kind, label }) => (kind === "Delete" ? [label] : [])))
  return (change) =>
    change.deletedOutside === true && deleting.has(change.movedFrom ?? change.label)
      ? Struct.omit(change, ["asksDrift", "deletedOutside"])
      : change
}
