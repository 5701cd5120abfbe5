/** What a schema says of a value, where parts of either may be unknown: a reference, a pattern that cannot be checked. */
import type { Place } from "./Place.ts"

/** `unknown` where it depends on what cannot be seen here. */
export type Verdict = "valid" | "invalid" | "unknown"

/** One thing that is wrong whatever the unknown parts are. */
export interface Found {
  readonly at: Place
  /** What is wrong, as a sentence without the value. */
  readonly message: string
  /**
   * What to write instead, as the end of the sentence. Made only for what is told, because it may take longer than
   * the check. Undefined where the schema has a sentence of its own.
   */
  readonly wayOut: string | (() => string) | undefined
  /** What was expected, where a sentence can list it with others: the names of types, or literals. */
  readonly expected?: { readonly of: "type" | "literal"; readonly each: ReadonlyArray<string> }
  /** Whether it is that there is something at all. */
  readonly isUnexpected?: boolean
  /** The fields that are missing, where it is only that. */
  readonly missing?: ReadonlyArray<string>
}

export interface Outcome {
  readonly verdict: Verdict
  /** Not empty if the verdict is `invalid`, and empty otherwise. */
  readonly found: ReadonlyArray<Found>
  /** The properties and items that were looked at (`unevaluatedProperties`, `unevaluatedItems`). */
  readonly seen?: ReadonlySet<string> | undefined
  /** Whether more than these may have been looked at. */
  readonly mayHaveSeenMore?: boolean | undefined
}

export const valid: Outcome = { verdict: "valid", found: [] }
export const unknown: Outcome = { verdict: "unknown", found: [], mayHaveSeenMore: true }
export const invalid = (...found: ReadonlyArray<Found>): Outcome => ({ verdict: "invalid", found })
export const validIf = (holds: boolean | undefined, found: () => Found): Outcome => {
  if (holds === undefined) return unknown
  return holds ? valid : invalid(found())
}

/** More than one can read is not kept, because a schema can find something in each of 100,000 items. */
const mostFound = 100

const nothingSeen: ReadonlySet<string> = new Set()

/** Outcomes that all have to be valid. */
export class All {
  seen: ReadonlySet<string> = nothingSeen
  mayHaveSeenMore = false
  private verdict: Verdict = "valid"
  private found: Array<Found> = []

  add({ found, mayHaveSeenMore, seen, verdict }: Outcome): void {
    if (verdict === "invalid") this.verdict = "invalid"
    else if (verdict === "unknown" && this.verdict === "valid") this.verdict = "unknown"
    if (found.length > 0) this.found = [...this.found, ...found].slice(0, mostFound)
    if (seen !== undefined && seen.size > 0) this.seen = this.seen.size === 0 ? seen : new Set([...this.seen, ...seen])
    if (mayHaveSeenMore === true) this.mayHaveSeenMore = true
  }

  outcome(): Outcome {
    const { found, mayHaveSeenMore, seen, verdict } = this
    return { verdict, found, seen, mayHaveSeenMore }
  }
}

/** Outcomes of which the last word is with one: those that are valid add what they have seen. */
export const seenByValid = (outcomes: ReadonlyArray<Outcome>): Outcome => {
  const all = new All()
  for (const one of outcomes) if (one.verdict === "valid") all.add(one)
  const open = all.mayHaveSeenMore || outcomes.some(({ verdict }) => verdict === "unknown")
  return { ...all.outcome(), mayHaveSeenMore: open }
}
