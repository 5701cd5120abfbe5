/** What a document reads from outside of it: variables of the environment, and files. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import { type DocumentText, locatedText } from "../joinDocuments.ts"
import type { DocumentReads } from "./DocumentInputs.ts"
import { findNeeds, type Need } from "./Needs.ts"
import { isLookedUp } from "./Parameter.ts"

const unique = (names: ReadonlyArray<string>) => [...new Set(names)].toSorted()

/** Undefined where it reads nothing. `declared` is what it has under `parameters`. */
export const readsAmong = (
  needs: ReadonlyArray<Need>,
  declared: unknown,
  targets: unknown,
): DocumentReads | undefined => {
  const defaults = isRecord(declared)
    ? Object.values(declared).flatMap((one) =>
        isRecord(one) && isLookedUp(one["default"]) ? findNeeds(one["default"]).needs : [],
      )
    : []
  const all = [...needs, ...defaults].map(({ placeholder }) => placeholder)
  const variables = unique(all.flatMap((one) => (one._tag === "Env" ? [one.name] : [])))
  const files = unique(all.flatMap((one) => (one._tag === "File" ? [one.path] : [])))
  return variables.length + files.length === 0 ? undefined : { variables, files, targets }
}

/**
 * What the document in a text, or in several, reads, without reading it. Undefined
 * where it reads nothing, or where it is no document.
 */
export const documentReads = (text: string | ReadonlyArray<DocumentText>): DocumentReads | undefined => {
  const read = locatedText(text)
  if (Result.isFailure(read) || !isRecord(read.success.value)) return undefined
  const { parameters, ...content } = read.success.value
  return readsAmong(findNeeds(content).needs, parameters, content["targets"])
}
