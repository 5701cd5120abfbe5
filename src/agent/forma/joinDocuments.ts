/** Joins the files of a folder to one document. Each part keeps its place in its file. */
import * as Result from "effect/Result"
import { isRecord } from "../../protocol/isRecord.ts"
import { type LocatedText, type PlacedIssue, readText, start } from "./LocatedText.ts"

/** A file that is a document, or a part of one. */
export interface DocumentText {
  /** How it is named to the user. */
  readonly file: string
  /** Its text, in JSON or YAML. */
  readonly text: string
}

type Path = ReadonlyArray<string | number>

interface Part extends LocatedText {
  readonly file: string
  readonly value: { readonly [key: string]: unknown }
}

/** The fields whose items are joined; the names in the others may be there once in all files. */
const lists: ReadonlySet<string> = new Set(["resources", "moved"])
const maps: ReadonlySet<string> = new Set(["targets", "parameters", "outputs", "use"])

const placed = ({ file, locate }: Pick<Part, "file" | "locate">, path: Path) => ({
  ...(locate(path) ?? start),
  file,
})

const sayPlace = ({ column, file, line }: ReturnType<typeof placed>): string => `${file}:${line}:${column}`

/** Everything that is joined, and where it is from. */
class Joined {
  readonly value = new Map<string, unknown>()
  readonly issues: Array<PlacedIssue> = []
  /** The part and the path in it, by field and item. */
  private readonly origins = new Map<string, readonly [Part, Path]>()
  private readonly labels = new Map<unknown, readonly [Part, Path]>()

  private keyOf(path: Path): string {
    return JSON.stringify(path)
  }

  /** Takes note of where something is. False if it is there already, which is an issue. */
  private note(part: Part, path: Path, at: Path, what: string): boolean {
    const known = this.origins.get(this.keyOf(at))
    if (known === undefined) {
      this.origins.set(this.keyOf(at), [part, path])
      return true
    }
    const message = `${what} is already in ${sayPlace(placed(...known))}`
    this.issues.push({ path, message, ...placed(part, path) })
    return false
  }

  add(part: Part): void {
    for (const [field, content] of Object.entries(part.value)) {
      if (lists.has(field)) this.addList(part, field, content)
      else if (maps.has(field)) this.addMap(part, field, content)
      else if (this.note(part, [field], [field], `the ${field} of the document`)) this.value.set(field, content)
    }
  }

  private addList(part: Part, field: string, content: unknown): void {
    if (!Array.isArray(content)) return this.refuse(part, field, "expected a list")
    const before = this.value.get(field)
    const items = Array.isArray(before) ? before : []
    this.value.set(field, items)
    for (const [index, item] of content.entries()) {
      this.origins.set(this.keyOf([field, items.length]), [part, [field, index]])
      items.push(item)
      if (field === "resources" && isRecord(item)) this.addLabel(part, item["label"], [field, index, "label"])
    }
  }

  private addLabel(part: Part, label: unknown, path: Path): void {
    if (typeof label !== "string") return
    const known = this.labels.get(label)
    if (known === undefined) this.labels.set(label, [part, path])
    // Within one file, the check of the document says it.
    else if (known[0] !== part) {
      const message = `the label ${label} is already used in ${sayPlace(placed(...known))}`
      this.issues.push({ path, message, ...placed(part, path) })
    }
  }

  private addMap(part: Part, field: string, content: unknown): void {
    if (!isRecord(content)) return this.refuse(part, field, "expected items by name")
    const before = this.value.get(field)
    const items = before instanceof Map ? before : new Map<string, unknown>()
    this.value.set(field, items)
    for (const [name, item] of Object.entries(content)) {
      if (this.note(part, [field, name], [field, name], `${name} in ${field}`)) items.set(name, item)
    }
  }

  private refuse(part: Part, field: string, message: string): void {
    this.issues.push({ path: [field], message, ...placed(part, [field]) })
  }

  /** The place of a part of the joined document, in its file. */
  locate(first: Part, path: Path): ReturnType<LocatedText["locate"]> {
    for (const length of [2, 1]) {
      const origin = this.origins.get(this.keyOf(path.slice(0, length)))
      if (origin !== undefined && path.length >= length) {
        const [part, at] = origin
        return placed(part, [...at, ...path.slice(length)])
      }
    }
    return placed(first, path)
  }
}

/** The document of several files, which are in the order of their names. Fails with every mistake that was found. */
export const joinDocuments = (
  files: ReadonlyArray<DocumentText>,
): Result.Result<LocatedText, ReadonlyArray<PlacedIssue>> => {
  const joined = new Joined()
  const parts: Array<Part> = []
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
    else joined.issues.push({ path: [], message: "expected a document: targets, resources, and so on", ...start, file })
  }
  for (const part of parts) joined.add(part)
  const [first] = parts
  if (joined.issues.length > 0) return Result.fail(joined.issues)
  if (first === undefined) return Result.succeed({ value: null, locate: () => undefined })
  const value = Object.fromEntries(
    [...joined.value].map(([field, content]) => [
      field,
      content instanceof Map ? Object.fromEntries(content) : content,
    ]),
  )
  return Result.succeed({ value, locate: (path) => joined.locate(first, path) })
}

/** The value of one text, or of several that are parts of one document. Fails with every mistake that was found. */
export const locatedText = (
  text: string | ReadonlyArray<DocumentText>,
): Result.Result<LocatedText, ReadonlyArray<PlacedIssue>> =>
  typeof text === "string"
    ? Result.mapError(readText(text), ({ message, position }) => [{ path: [], message, ...position }])
    : joinDocuments(text)
