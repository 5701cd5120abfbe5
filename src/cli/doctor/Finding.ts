/** What `formae doctor` says of one thing that it has looked at. */
import type { CommandFailure } from "../CommandFailure.ts"

/**
 * - `ok`: it is as it has to be.
 * - `warning`: commands work, but somebody should know of it.
 * - `problem`: commands fail because of it, or will.
 * - `skipped`: it was not looked at, and why.
 */
export type Verdict = "ok" | "warning" | "problem" | "skipped"

/** Both texts are sentences without a full stop. */
export interface Finding {
  readonly verdict: Verdict
  readonly message: string
  /** The way out. */
  readonly remedy?: string | undefined
}

export const ok = (message: string): Finding => ({ verdict: "ok", message })
export const warning = (message: string, remedy: string): Finding => ({ verdict: "warning", message, remedy })
export const problem = (message: string, remedy?: string): Finding => ({ verdict: "problem", message, remedy })
export const skipped = (message: string, remedy?: string): Finding => ({ verdict: "skipped", message, remedy })

/** The failure that a command would end with, whose advice is the way out. */
export const findingOf = ({ error, message }: CommandFailure, remedy?: string): Finding => {
  const facts = error?.message ?? message
  const advice = message.startsWith(`${facts}. `) ? message.slice(facts.length + 2) : ""
  return problem(facts, advice === "" ? remedy : advice)
}
