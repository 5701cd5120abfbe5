/** The labels that an unfinished command is about. Pure. */
import type { CommandEntry } from "../records/CommandJournal.ts"

/**
 * Whether a label is one that a command was begun with and that no later one has
 * taken over. Undefined where it is about all of them.
 */
export const begunLabels = ({
  left,
  only,
}: Pick<CommandEntry, "left" | "only">): ((label: string) => boolean) | undefined => {
  const [taken, chosen] = [new Set(left), only === null ? undefined : new Set(only)]
  if (chosen === undefined && taken.size === 0) return undefined
  return (label) => chosen?.has(label) !== false && !taken.has(label)
}
