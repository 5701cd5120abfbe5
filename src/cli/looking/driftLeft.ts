/** What still differs after a command has looked for drift. */
import type { CommandResult, ResourceResult } from "../../agent/index.ts"

/** What has drifted, without what the same command has set back. */
export const driftLeft = ({ notes = [], resources }: CommandResult): ReadonlyArray<ResourceResult> => {
  const isRepaired = ({ forma, label }: ResourceResult): boolean =>
    notes.some((note) => note._tag === "Repaired" && note.forma === forma && note.labels.includes(label))
  return resources.filter((one) => one.drift !== undefined && !isRepaired(one))
}
