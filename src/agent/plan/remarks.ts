/** Tells of what is probably a mistake in a document, and may be meant. */
import * as Effect from "effect/Effect"
import { formatIssue } from "../../protocol/Issue.ts"
import type { FormaIssue } from "../forma/FormaDocument.ts"

/** Makes what logs each remark once: a document is checked again when it is applied. */
export const makeRemarks = () => {
  const told = new Set<string>()
  return Effect.fnUntraced(function* (remarks: ReadonlyArray<FormaIssue>) {
    for (const remark of remarks.map(formatIssue)) {
      if (told.has(remark) || told.size >= mostRemarks) continue
      told.add(remark)
      yield* Effect.logWarning(`${remark}.`)
    }
  })
}

/** An agent may stay for long, and remembers what it has told. */
const mostRemarks = 1000
