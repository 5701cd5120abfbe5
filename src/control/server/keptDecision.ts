/** What is done for a key that is known from before: a pure decision. */
import type { PastCommand } from "../../agent/records/CommandHistory.ts"
import type { ApiRecord } from "../api/ApiCommand.ts"

/**
 * What is done for a key that an earlier agent was asked with.
 *
 * - `Answer`: its command has ended, and this is what became of it.
 * - `Resume`: its command was cut off, and is continued under the same id.
 * - `Rebuild`: its command had ended, and only its record was lost. It is made
 *   again, and nothing is done.
 * - `Begin`: the journal knows nothing of it, so that it begins as if for the
 *   first time, under the same id.
 * - `BeginAnew`: a later command of its forma has replaced it. It begins under
 *   another id.
 * - `Canceled`: a person has canceled it. Only a resume continues it.
 */
export type KeptDecision =
  | { readonly _tag: "Answer"; readonly record: ApiRecord }
  | { readonly _tag: "Rebuild"; readonly past: PastCommand }
  | { readonly _tag: "Resume" | "Begin" | "BeginAnew" | "Canceled" }

/** `status` is that of the command among those that are unfinished, and `past` the command as the journal has it. */
export const decideKept = ({
  isCanceled = false,
  past,
  record,
  status,
}: {
  /** Whether a person has canceled the request, maybe before the journal knew of it. */
  readonly isCanceled?: boolean | undefined
  readonly record: ApiRecord | undefined
  readonly status: string | undefined
  readonly past?: PastCommand | undefined
}): KeptDecision => {
  if (record !== undefined) return { _tag: "Answer", record }
  if (status === "running") return { _tag: "Resume" }
  if (status === "canceled") return { _tag: "Canceled" }
  if (past === undefined) return { _tag: isCanceled ? "Canceled" : "Begin" }
  return past.status === "superseded" ? { _tag: "BeginAnew" } : { _tag: "Rebuild", past }
}
