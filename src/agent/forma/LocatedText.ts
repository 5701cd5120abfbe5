/** A text, JSON or YAML, as a value of which each part has a place. */
import * as Result from "effect/Result"
import { isCollection, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, type YAMLError } from "yaml"
import { formatIssue, type LocatedIssue } from "../../protocol/Issue.ts"
import { findAliasMistake } from "./Aliases.ts"

/** A place in a text, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

type Path = ReadonlyArray<string | number>

export interface LocatedText {
  /** Null where the text is empty. */
  readonly value: unknown
  /** Where a part of the value stands; of what is not there, where it should be. */
  readonly locate: (path: Path) => Position | undefined
}

/** The text is no document. */
export interface Misread {
  readonly message: string
  readonly position: Position
}

/** Something that is wrong in a text. Of an empty text nothing has a place. */
export interface PlacedIssue extends Partial<Position> {
  readonly path: Path
  readonly message: string
}

export const placeIssues = (
  issues: ReadonlyArray<LocatedIssue>,
  locate: LocatedText["locate"],
): ReadonlyArray<PlacedIssue> =>
  issues.map(({ message, path: keys }) => {
    const path = keys.map((key) => (typeof key === "symbol" ? String(key) : key))
    return { path, message, ...locate(path) }
  })

/** `net.yaml:7:12 resources[1].target: ...`, or without a file `7:12 resources[1].target: ...`. */
export const formatPlaced = ({ column, line, ...issue }: PlacedIssue, file?: string): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(":")
  return place === "" ? formatIssue(issue) : `${place} ${formatIssue(issue)}`
}

/** JSON is read as the YAML that it is. */
export const readText = (text: string): Result.Result<LocatedText, Misread> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const positionOf = (offset: number): Position => {
    const { col, line } = lines.linePos(offset)
    return { line, column: col }
  }
  // A tag that is not known, such as CloudFormation's !Ref, is a warning to the parser; its value would not be what is meant.
  const syntax = document.errors[0] ?? document.warnings[0]
  const mistake =
    syntax === undefined ? findAliasMistake(document.contents) : { message: sentenceOf(syntax), offset: syntax.pos[0] }
  if (mistake !== undefined) {
    return Result.fail({ message: mistake.message, position: positionOf(mistake.offset) })
  }
  const locate = (path: Path): Position | undefined => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : positionOf(offset)
  }
  // How much the aliases stand for has been bounded: how many there are says nothing.
  return Result.succeed({ value: document.toJS({ maxAliasCount: -1 }), locate })
}

export const start: Position = { line: 1, column: 1 }

/** What the parser found, without its advice to programmers. */
const sentenceOf = ({ code, message }: YAMLError): string =>
  code === "MULTIPLE_DOCS" ? "it is to be one document, and here begins a second one" : message

/** The offset of the deepest part of a path that the document has. */
const offsetOf = (root: Node | null, path: ReadonlyArray<string | number>): number | undefined => {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const key of path) {
    if (!isCollection(node)) break
    // The key of a map is what a reader looks for, also where the value is what is wrong.
    const pair = isMap(node)
      ? node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined
    const next = pair === undefined ? node.get(key, true) : pair.value
    const start = isPair(pair) && isScalar(pair.key) ? pair.key.range?.[0] : (next as Node | undefined)?.range?.[0]
    if (start === undefined) break
    offset = start
    node = next
  }
  return offset
}
