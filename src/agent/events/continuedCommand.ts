/**
 * What the log gets of a command, so that it says once how the change of each
 * resource ended, also where an agent ended between the change and its event.
 * Pure: the journal says what was done, and the log what was told.
 */
import type { ChangeEvent } from "../apply/ChangeEvent.ts"
import { type ResourceResult, untouched } from "../apply/ResourceResult.ts"
import { type ChangeOperation, changeOperationOf } from "../plan/Change.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

type Finished = Extract<ChangeEvent, { _tag: "Finished" }>

/** How the changes of a command ended that the log has told of: by label, the code of the error or null. */
export type Told = ReadonlyMap<string, string | null>

/** What is known of a command: what the log has told, and the operations that earlier agents have run for it, oldest first. */
export interface CommandMemory {
  readonly told: Told
  readonly done: ReadonlyArray<JournalEntry>
}

/** What was canceled goes on with the next resume: only then it has ended. */
export const isEnd = ({ result }: Finished): boolean => result.status !== "canceled"

/** Whether nothing was to be done. */
export const isNothing = ({ error, operation }: ResourceResult): boolean => operation === "noop" && error === null

/** How a change ended, by the operations of its label. Undefined where it has not, or was not begun. */
const endOf = (label: string, entries: ReadonlyArray<JournalEntry>): ResourceResult | undefined => {
  const own = entries.filter((entry) => entry.label === label)
  const last = own.at(-1)
  if (last === undefined || !last.closed || (last.status !== "Succeeded" && last.status !== "Failed")) return undefined
  const replaces = last.kind === "Create" && own.some(({ closed, kind }) => closed && kind === "Delete")
  const operation: ChangeOperation = replaces ? "replace" : changeOperationOf[last.kind]
  const error = last.status === "Failed" ? last.failure : null
  return {
    ...untouched,
    label,
    type: last.type,
    operation,
    status: last.status === "Failed" ? "failed" : "succeeded",
    nativeId: last.nativeId,
    attempts: last.sent,
    crashes: last.crashes,
    error,
  }
}

/** What the log gets of an event. Undefined where it is told already. */
export const eventToTell = (event: ChangeEvent, { done, told }: CommandMemory): ChangeEvent | undefined => {
  if (event._tag !== "Finished") return event
  const { result } = event
  const before = told.get(result.label)
  if (before !== undefined) {
    // It was told, and nothing was done after that: it needed nothing any more, or its failure stands.
    const stands = isNothing(result) || (before !== null && result.error?.code === before)
    return stands ? undefined : event
  }
  if (!isNothing(result)) return event
  const end = endOf(result.label, done)
  return end === undefined
    ? event
    : { ...event, result: { ...result, ...end, nativeId: end.nativeId ?? result.nativeId } }
}

/** At the end of a command: what was done and not told, such as deletes, which a later plan does not name. */
export const endsToTell = (
  command: Pick<Finished, "commandId" | "forma">,
  { done, told }: CommandMemory,
): ReadonlyArray<Finished> =>
  [...new Set(done.map(({ label }) => label))].flatMap((label): ReadonlyArray<Finished> => {
    const result = told.has(label) ? undefined : endOf(label, done)
    return result === undefined ? [] : [{ _tag: "Finished", ...command, result }]
  })
