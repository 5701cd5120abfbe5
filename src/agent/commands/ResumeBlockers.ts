/** What a resumed command must not do. Pure. */
import type { Blockers, Change } from "../plan/Change.ts"
import type { PlannedChanges } from "../plan/Planner.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { notAccepted } from "./DriftNotAccepted.ts"

/** What had certainly failed before the command was cut off. It is not tried again, and neither is what needs it. */
export const failuresOf = (entries: ReadonlyArray<JournalEntry>): Blockers => {
  const failed = new Map<string, ChangeError>()
  for (const { failure, label, closed, status } of entries) {
    if (status === "Failed" && closed && failure !== null) failed.set(label, failure)
    else failed.delete(label)
  }
  return failed
}

/** What a human has given up since the command was begun. Only an apply begins it again. */
export const forgottenIn = (entries: ReadonlyArray<JournalEntry>): Blockers =>
  new Map(
    entries.flatMap(({ label, status }) =>
      status === "Forgotten"
        ? [
            [
              label,
              { code: "Forgotten", message: `${label} was forgotten; only an apply of its document begins it again` },
            ] as const,
          ]
        : [],
    ),
  )

export const blockedBy = (planned: PlannedChanges, blockers: Blockers): PlannedChanges => ({
  ...planned,
  changes: planned.changes.map((change) => {
    const blocked = blockers.get(change.label)
    return blocked === undefined ? change : { ...change, blocked }
  }),
})

/** Drift that was not accepted. A resume may run without a person to ask. */
export const driftBlockers = (forma: string, { changes }: PlannedChanges, accepted: ReadonlyArray<string>): Blockers =>
  new Map(
    changes.flatMap((change) => {
      const refusal = notAccepted(forma, [change], accepted)
      return refusal === undefined ? [] : [[change.label, { code: refusal._tag, message: refusal.message }] as const]
    }),
  )

/** What a repair may not do, although the document wants it. */
export const takesMore: ChangeError = {
  code: "TakesMore",
  message: "that would change another resource too, or more than has drifted. Apply the document",
}

/** A repair replaces and deletes nothing, also where it is resumed. */
export const repairBlockers = ({
  changes,
}: {
  readonly changes: ReadonlyArray<Pick<Change, "label" | "operation">>
}): Blockers =>
  new Map(
    changes.flatMap(({ label, operation }) =>
      operation === "replace" || operation === "delete" ? [[label, takesMore] as const] : [],
    ),
  )
