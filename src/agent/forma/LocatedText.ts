/** A JSON or YAML text as a value, with the position of each part. */
import * as Result from "effect/Result"
import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  Parser,
  type YAMLError,
} from "yaml"
import { formatIssue, type LocatedIssue } from "../../protocol/Issue.ts"
import { findAliasMistake } from "./YamlAliases.ts"

/** A position in a text. Lines and columns count from 1. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** The value of a text, and where its parts are. */
export interface LocatedText {
  /** Null where the text is empty. */
  readonly value: unknown
  /** The position of a part of the value, or where it should be if it is missing. Undefined where the text is empty. */
  readonly locate: (path: ReadonlyArray<string | number>) => Position | undefined
}

/** The text is not a JSON or YAML document. */
export interface SyntaxMistake {
  /** What is wrong, in words. */
  readonly message: string
  /** Where. */
  readonly position: Position
}

/** Something that is wrong in a text. It has no position where the text is empty. */
export interface PlacedIssue extends Partial<Position> {
  /** The path to the place, such as `["resources", 2, "target"]`. */
  readonly path: ReadonlyArray<string | number>
  /** What is wrong, as a sentence. */
  readonly message: string
}

/** Adds the positions to issues. */
export const placeIssues = (
  issues: ReadonlyArray<LocatedIssue>,
  locate: LocatedText["locate"],
): ReadonlyArray<PlacedIssue> =>
  issues.map(({ message, path: keys }) => {
    const path = keys.map((key) => (typeof key === "symbol" ? String(key) : key))
    return { path, message, ...locate(path) }
  })

/** Formats an issue as `net.yaml:7:12 resources[1].target: ...`, or without a file as `7:12 resources[1].target: ...`. */
export const formatPlaced = ({ column, line, ...issue }: PlacedIssue, file?: string): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(":")
  return place === "" ? formatIssue(issue) : `${place} ${formatIssue(issue)}`
}

/** Reads a text. JSON is read as YAML, because it is YAML too. Fails with the first mistake. */
export const readText = (text: string): Result.Result<LocatedText, SyntaxMistake> => {
  const lines = new LineCounter()
  const positionOf = (offset: number): Position => positionAt(lines, offset)
  // The parser would run out of stack, or what reads its result.
  const deep = tooDeepAt(text)
  if (deep !== undefined) return Result.fail({ message: tooDeep, position: deep })
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  // For the parser an unknown tag, such as CloudFormation's !Ref, is only a warning, but its value would not be what is meant.
  const syntax = document.errors[0] ?? document.warnings[0]
  const mistake =
    syntax === undefined ? findAliasMistake(document.contents) : { message: sentenceOf(syntax), offset: syntax.pos[0] }
  if (mistake !== undefined) {
    return Result.fail({ message: mistake.message, position: positionOf(mistake.offset) })
  }
  const locate = (path: ReadonlyArray<string | number>): Position | undefined => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : positionOf(offset)
  }
  // What the aliases expand to is bounded already, so their number does not matter.
  return Result.succeed({ value: document.toJS({ maxAliasCount: -1 }), locate })
}

/** A document takes a few levels around the properties of a resource, which have a limit of their own. */
const maxDepth = 200
const tooDeep = `the document is nested deeper than ${maxDepth} levels; put what is nested so deep into a text of its own`

/** Where a text is nested too deep, for the first time; undefined if it is not. The parser of tokens needs no stack. */
const tooDeepAt = (text: string): Position | undefined => {
  const lines = new LineCounter()
  const waiting = [...new Parser(lines.addNewLine).parse(text)].map((token): readonly [unknown, number] => [token, 0])
  let first: number | undefined
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, depth] = next
    if (typeof node !== "object" || node === null) continue
    if (depth > maxDepth) {
      const offset = "offset" in node && typeof node.offset === "number" ? node.offset : 0
      first = Math.min(first ?? offset, offset)
      continue
    }
    const inside = "items" in node && Array.isArray(node.items) ? node.items : []
    for (const item of inside) {
      waiting.push([item?.key, depth + 1], [item?.value, depth + 1])
    }
    if ("value" in node) waiting.push([node.value, depth])
  }
  return first === undefined ? undefined : positionAt(lines, first)
}

const positionAt = (lines: LineCounter, offset: number): Position => {
  const { col, line } = lines.linePos(offset)
  return { line, column: col }
}

export const start: Position = { line: 1, column: 1 }

/** The message of the parser, except where it is advice to programmers. */
const sentenceOf = ({ code, message }: YAMLError): string =>
  code === "MULTIPLE_DOCS" ? "expected one document, but a second one begins here" : message

/** The offset of the deepest part of a path that the document has. */
const offsetOf = (root: Node | null, path: ReadonlyArray<string | number>): number | undefined => {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const key of path) {
    if (!isCollection(node)) break
    // Readers look for the key of a map, even if it is the value that is wrong.
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
