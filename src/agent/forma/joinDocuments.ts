/** Joins the files of a folder to one document. Each part keeps its place in its file. */
import * as Result from "effect/Result"
import { isRecord } from "../../protocol/isRecord.ts"
import { JoinedDocument, type JoinedPart } from "./JoinedDocument.ts"
import { type LocatedText, type PlacedIssue, readText, start } from "./LocatedText.ts"

/** A file that is a document, or a part of one. */
export interface DocumentText {
  /** How it is named to the user. */
  readonly file: string
  /** Its text, in JSON or YAML. */
  readonly text: string
}

/** The document of several files, which are in the order of their names. Fails with every mistake that was found. */
export const joinDocuments = (
  files: ReadonlyArray<DocumentText>,
): Result.Result<LocatedText, ReadonlyArray<PlacedIssue>> => {
  const joined = new JoinedDocument()
  const parts: Array<JoinedPart> = []
  for (const { file, text } of files) {
    const read = readText(text)
    if (Result.isFailure(read)) {
      const { message, position } = read.failure
      joined.issues.push({ path: [], message, ...position, file })
      continue
    }
    const { locate, value } = read.success
    // A file with comments only.
    if (value === null) continue
    if (isRecord(value)) parts.push({ file, locate, value })
    else
      joined.issues.push({
        path: [],
        message: "expected a document, such as { targets: ..., resources: ... }",
        ...start,
        file,
      })
  }
  for (const part of parts) joined.add(part)
  const [first] = parts
  if (joined.issues.length > 0) return Result.fail(joined.issues)
  if (first === undefined) return Result.succeed({ value: null, locate: () => undefined })
  return Result.succeed(joined.located(first))
}

/** The value of one text, or of several that are parts of one document. Fails with every mistake that was found. */
export const locatedText = (
  text: string | ReadonlyArray<DocumentText>,
): Result.Result<LocatedText, ReadonlyArray<PlacedIssue>> =>
  typeof text === "string"
    ? Result.mapError(readText(text), ({ message, position }) => [{ path: [], message, ...position }])
    : joinDocuments(text)
