/** What is done for a key that is known from before: a pure decision. */
import type { ApiRecord } from "../api/ApiCommand.ts"

/**
 * What is done for a key that an earlier agent was asked with.
 *
 * - `Answer`: its command has ended, and this is what became of it.
 * - `Resume`: its command was cut off, and is continued under the same id.
 * - `Begin`: nothing of it is under way, so that it begins as if for the first
 *   time. Where it had ended and only its record was lost, there is nothing left
 *   for it to do.
 * - `Canceled`: a person has canceled it. Only a resume continues it.
 */
export type KeptDecision =
  | { readonly _tag: "Answer"; readonly record: ApiRecord }
  | { readonly _tag: "Resume" | "Begin" | "Canceled" }

/** `status` is that of the command in the journal. Undefined where it is not among those that are unfinished. */
export const decideKept = ({
  record,
  status,
}: {
  readonly record: ApiRecord | undefined
  readonly status: string | undefined
}): KeptDecision => {
  if (record !== undefined) return { _tag: "Answer", record }
  if (status === "running") return { _tag: "Resume" }
  return status === "canceled" ? { _tag: "Canceled" } : { _tag: "Begin" }
}
