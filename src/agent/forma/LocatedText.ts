/** A JSON or YAML text as a value, with the position of each part. */
import * as Result from "effect/Result"
import { Composer, type Document, isCollection, isScalar, LineCounter, type Node, Parser, YAMLParseError } from "yaml"
import type { ResourceType } from "../../protocol/Identity.ts"
import { formatIssue, type LocatedIssue } from "../../protocol/Issue.ts"
import { parseJsonObject } from "./parseJsonObject.ts"
import { parseYamlInParts } from "./parseYamlInParts.ts"
import { findAliasMistake } from "./YamlAliases.ts"
import { deepestAllowed, tooDeepAt } from "./yamlDepth.ts"
import { pairOf } from "./yamlMerge.ts"
import { yamlWayOut } from "./yamlWaysOut.ts"

/** A position in a text. Lines and columns count from 1. */
export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** A position, and its file where that is another than the one that was asked about. */
export interface Place extends Position {
  /** How the file is named to the user. */
  readonly file?: string
}

/** The value of a text, and where its parts are. */
export interface LocatedText {
  /** Null where the text is empty. */
  readonly value: unknown
  /** The position of a part of the value, or where it should be if it is missing. Undefined where the text is empty. */
  readonly locate: (path: ReadonlyArray<string | number>) => Place | undefined
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
  /** The resource type whose schema says so, if one does. */
  readonly type?: ResourceType
  /** The file, where it is another than that of the document. */
  readonly file?: string
}

/** Adds the positions to issues. */
export const placeIssues = (
  issues: ReadonlyArray<LocatedIssue & Pick<PlacedIssue, "type">>,
  locate: LocatedText["locate"],
): ReadonlyArray<PlacedIssue> =>
  issues.map(({ path: keys, ...issue }) => {
    const path = keys.map((key) => (typeof key === "symbol" ? String(key) : key))
    return { path, ...issue, ...locate(path) }
  })

/** Formats an issue as `net.yaml:7:12 resources[1].target: ...`, or without a file as `7:12 resources[1].target: ...`. */
export const formatPlaced = ({ column, file: other, line, ...issue }: PlacedIssue, file?: string): string => {
  const place = [other ?? file, line, column].filter((part) => part !== undefined).join(":")
  return place === "" ? formatIssue(issue) : `${place} ${formatIssue(issue)}`
}

/**
 * Reads a text. JSON is read as such where that is certainly what YAML gives,
 * because it is YAML too. Fails with the first mistake. The syntax tree is not
 * kept: a text is parsed once more when a position is asked for.
 */
export const readText = (text: string): Result.Result<LocatedText, SyntaxMistake> => {
  let located: ((path: ReadonlyArray<string | number>) => Position | undefined) | undefined
  const locate: LocatedText["locate"] = (path) => {
    located ??= locatorOf(parseYaml(text))
    return located(path)
  }
  const value = parseJsonObject(text, deepestAllowed)
  if (value !== undefined) return Result.succeed({ value, locate })
  const inParts = parseYamlInParts(text)
  if (inParts !== undefined) return Result.succeed({ ...inParts, locate })
  const parsed = parseYaml(text)
  const mistake = mistakeIn(parsed)
  if (mistake !== undefined) return Result.fail(mistake)
  // What the aliases expand to is bounded already, so their number does not matter.
  return Result.succeed({ value: parsed.document?.toJS({ maxAliasCount: -1 }), locate })
}

interface ParsedYaml {
  /** Undefined where the text is nested too deep. */
  readonly document: Document.Parsed | undefined
  /** Where the text is nested too deep, for the first time. */
  readonly deepAt: number | undefined
  readonly lines: LineCounter
}

const parseYaml = (text: string): ParsedYaml => {
  const lines = new LineCounter()
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const deepAt = tooDeepAt(tokens)
  // The composer would run out of stack, or what reads its result.
  if (deepAt !== undefined) return { document: undefined, deepAt, lines }
  const [document, second] = new Composer({ prettyErrors: false, merge: true }).compose(tokens, true, text.length)
  if (document !== undefined && second !== undefined) {
    document.errors.push(new YAMLParseError([second.range[0], second.range[1]], "MULTIPLE_DOCS", secondDocument))
  }
  return { document, deepAt, lines }
}

const mistakeIn = ({ deepAt, document, lines }: ParsedYaml): SyntaxMistake | undefined => {
  if (deepAt !== undefined) return { message: tooDeep, position: positionAt(lines, deepAt) }
  // For the parser an unknown tag, such as CloudFormation's !Ref, is only a warning, but its value would not be what is meant.
  const syntax = document?.errors[0] ?? document?.warnings[0]
  const mistake =
    syntax === undefined
      ? findAliasMistake(document?.contents)
      : { message: `${syntax.message}; ${yamlWayOut(syntax.code)}`, offset: syntax.pos[0] }
  return mistake && { message: mistake.message, position: positionAt(lines, mistake.offset) }
}

const locatorOf =
  ({ document, lines }: ParsedYaml): LocatedText["locate"] =>
  (path) => {
    const offset = document === undefined ? undefined : offsetOf(document, path)
    return offset === undefined ? undefined : positionAt(lines, offset)
  }

const tooDeep = `the document is nested deeper than ${deepestAllowed} levels; put what is nested so deep into a text of its own`
const secondDocument = "expected one document, but a second one begins here"

const positionAt = (lines: LineCounter, offset: number): Position => {
  const { col, line } = lines.linePos(offset)
  return { line, column: col }
}

export const start: Position = { line: 1, column: 1 }

/** The offset of the deepest part of a path that the document has. */
const offsetOf = (document: Document.Parsed, path: ReadonlyArray<string | number>): number | undefined => {
  const root: Node | null = document.contents
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const key of path) {
    if (!isCollection(node)) break
    // Readers look for the key of a map, even if it is the value that is wrong.
    const pair = pairOf(document, node, key)
    const next = pair === undefined ? node.get(key, true) : pair.value
    const start = isScalar(pair?.key) ? pair.key.range?.[0] : (next as Node | undefined)?.range?.[0]
    if (start === undefined) break
    offset = start
    node = next
  }
  return offset
}
