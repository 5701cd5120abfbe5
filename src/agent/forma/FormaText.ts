/** Reads a forma from text, JSON or YAML, and knows where each part of it stands. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { documentDecoder } from "./documentDecoder.ts"
import type { Forma } from "./Forma.ts"
import { FormaDocument } from "./FormaDocument.ts"
import { formatPlaced, type LocatedText, type PlacedIssue, placeIssues, readText, start } from "./LocatedText.ts"

export interface FormaSource {
  readonly forma: Forma
  /** Where a part of the document stands; of what is not there, where it should be. */
  readonly locate: LocatedText["locate"]
}

/** The text is not a forma. */
export class FormaUnreadable extends Data.TaggedError("FormaUnreadable")<{
  readonly issues: ReadonlyArray<PlacedIssue>
}> {
  override get message(): string {
    return this.issues.map((issue) => formatPlaced(issue)).join("\n")
  }
}

const decodeDocument = documentDecoder(FormaDocument)

/** Parses, decodes and checks a forma. `defaultName` is the name of one that does not give it. */
export const readForma = Effect.fnUntraced(function* (
  text: string,
  defaultName: string,
): Effect.fn.Return<FormaSource, FormaUnreadable> {
  const { locate, value } = yield* Effect.mapError(
    Effect.fromResult(readText(text)),
    ({ message, position }) => new FormaUnreadable({ issues: [{ path: [], message, ...position }] }),
  )
  if (value === null) {
    const message = "the document is empty; it needs targets and resources"
    return yield* new FormaUnreadable({ issues: [{ path: [], message, ...start }] })
  }
  const document = yield* Effect.mapError(
    decodeDocument(value),
    ({ issues }) => new FormaUnreadable({ issues: placeIssues(issues, locate) }),
  )
  return { forma: { ...document, name: document.name ?? defaultName }, locate }
})
