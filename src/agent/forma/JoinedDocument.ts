/** Joins documents to one. Each part keeps its place in its file. */
import * as Schema from "effect/Schema"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { type LocatedText, type Place, type PlacedIssue, start } from "./LocatedText.ts"

const isJson = Schema.is(Schema.Json)

type Path = ReadonlyArray<string | number>

/** What is joined: a document, or a part of one. */
export interface JoinedPart extends LocatedText {
  /** How its file is named to the user. Undefined where it is that of the whole document. */
  readonly file?: string
  readonly value: { readonly [key: string]: unknown }
}

/** How it is joined. */
export interface JoinOptions {
  /** Whether parts may have the same target, if they say the same of it. */
  readonly sharesTargets?: boolean
}

/** The fields whose items are joined; the names in the others may be there once in all files. */
const lists: ReadonlySet<string> = new Set(["resources", "moved"])
const maps: ReadonlySet<string> = new Set(["targets", "parameters", "outputs", "use"])

const placed = ({ file, locate }: Pick<JoinedPart, "file" | "locate">, path: Path): Place => ({
  ...(locate(path) ?? start),
  ...(file === undefined ? {} : { file }),
})

const sayPlace = ({ column, file, line }: Place): string =>
  file === undefined ? `line ${line} of the document` : `${file}:${line}:${column}`

const isSame = (one: unknown, other: unknown): boolean =>
  isJson(one) && isJson(other) && canonicalJson(one) === canonicalJson(other)

/** Everything that is joined, and where it is from. */
export class JoinedDocument {
  readonly value = new Map<string, unknown>()
  readonly issues: Array<PlacedIssue> = []
  /** The part and the path in it, by field and item. */
  private readonly origins = new Map<string, readonly [JoinedPart, Path]>()
  private readonly labels = new Map<unknown, readonly [JoinedPart, Path]>()

  private readonly sharesTargets: boolean

  constructor({ sharesTargets = false }: JoinOptions = {}) {
    this.sharesTargets = sharesTargets
  }

  private keyOf(path: Path): string {
    return JSON.stringify(path)
  }

  /** Takes note of where something is. False if it is there already, which is an issue. */
  private note(part: JoinedPart, path: Path, at: Path, what: string): boolean {
    const known = this.origins.get(this.keyOf(at))
    if (known === undefined) {
      this.origins.set(this.keyOf(at), [part, path])
      return true
    }
    const message = `${what} is already in ${sayPlace(placed(...known))}; take one of the two out`
    this.issues.push({ path, message, ...placed(part, path) })
    return false
  }

  add(part: JoinedPart): void {
    for (const [field, content] of Object.entries(part.value)) {
      if (lists.has(field)) this.addList(part, field, content)
      else if (maps.has(field)) this.addMap(part, field, content)
      else if (this.note(part, [field], [field], `the ${field} of the document`)) this.value.set(field, content)
    }
  }

  private addList(part: JoinedPart, field: string, content: unknown): void {
    if (!Array.isArray(content)) return this.refuse(part, field, `expected a list, such as ${field}: [...]`)
    const before = this.value.get(field)
    const items = Array.isArray(before) ? before : []
    this.value.set(field, items)
    for (const [index, item] of content.entries()) {
      this.origins.set(this.keyOf([field, items.length]), [part, [field, index]])
      items.push(item)
      if (field === "resources" && isRecord(item)) this.addLabel(part, item["label"], [field, index, "label"])
    }
  }

  private addLabel(part: JoinedPart, label: unknown, path: Path): void {
    if (typeof label !== "string") return
    const known = this.labels.get(label)
    if (known === undefined) this.labels.set(label, [part, path])
    // Within one file, the check of the document says it.
    else if (known[0] !== part) {
      const message = `the label ${label} is already used in ${sayPlace(placed(...known))}; give one of them another label`
      this.issues.push({ path, message, ...placed(part, path) })
    }
  }

  private addMap(part: JoinedPart, field: string, content: unknown): void {
    if (!isRecord(content)) return this.refuse(part, field, `expected items by name, such as ${field}: { NAME: ... }`)
    const before = this.value.get(field)
    const items = before instanceof Map ? before : new Map<string, unknown>()
    this.value.set(field, items)
    for (const [name, item] of Object.entries(content)) {
      if (this.sharesTargets && field === "targets" && items.has(name))
        this.shareTarget(part, name, items.get(name), item)
      else if (this.note(part, [field, name], [field, name], `${name} in ${field}`)) items.set(name, item)
    }
  }

  private shareTarget(part: JoinedPart, name: string, known: unknown, item: unknown): void {
    if (isSame(known, item)) return
    const path = ["targets", name]
    const place = this.placeOf(path)
    const message = `the target ${name} is not the same as in ${sayPlace(place)}; give one of them another name, or leave it out of the part, which then uses that of the document`
    this.issues.push({ path, message, ...placed(part, path) })
  }

  private placeOf(at: Path): Place {
    const origin = this.origins.get(this.keyOf(at))
    return origin === undefined ? start : placed(...origin)
  }

  private refuse(part: JoinedPart, field: string, message: string): void {
    this.issues.push({ path: [field], message, ...placed(part, [field]) })
  }

  /** The place of a part of the joined document, in its file. */
  private locate(first: JoinedPart, path: Path): ReturnType<LocatedText["locate"]> {
    for (const length of [2, 1]) {
      const origin = this.origins.get(this.keyOf(path.slice(0, length)))
      if (origin !== undefined && path.length >= length) {
        const [part, at] = origin
        return placed(part, [...at, ...path.slice(length)])
      }
    }
    return placed(first, path)
  }

  /** The joined document. What it says nothing of is missing in `first`. */
  located(first: JoinedPart): LocatedText & Pick<JoinedPart, "value"> {
    const value = Object.fromEntries(
      [...this.value].map(([field, content]) => [
        field,
        content instanceof Map ? Object.fromEntries(content) : content,
      ]),
    )
    return { value, locate: (path) => this.locate(first, path) }
  }
}
