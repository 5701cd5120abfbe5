/** Reads a forma from text, JSON or YAML, and knows where each part of it stands. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml"
import { locateIssues } from "../../protocol/Issue.ts"
import { checkForma } from "./FormaCheck.ts"
import { type Forma, FormaDocument, FormaInvalid, type FormaIssue } from "./Forma.ts"

/** A place in a text, from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface FormaSource {
  readonly forma: Forma
  /** Where a part of the document stands; of what is not there, where it should be. */
  readonly locate: (path: ReadonlyArray<string | number>) => Position | undefined
}

/** The text is not a forma. `locate` finds the places that the issues name. */
export interface FormaUnreadable {
  readonly error: FormaInvalid
  readonly locate: FormaSource["locate"]
}

const decodeDocument = Schema.decodeUnknownEffect(FormaDocument, { onExcessProperty: "error", errors: "all" })

/**
 * Parses, decodes and checks a forma. `defaultName` is the name of one that
 * does not give it. JSON is read as the YAML that it is.
 */
export const readForma = Effect.fnUntraced(function* (
  text: string,
  defaultName: string,
): Effect.fn.Return<FormaSource, FormaUnreadable> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const locate = (path: ReadonlyArray<string | number>): Position | undefined => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : positionOf(offset)
  }
  const positionOf = (offset: number): Position => {
    const { col, line } = lines.linePos(offset)
    return { line, column: col }
  }
  const refuse = (issues: ReadonlyArray<FormaIssue>, where = locate) =>
    Effect.fail<FormaUnreadable>({ error: new FormaInvalid({ issues }), locate: where })

  // A tag that is not known, such as CloudFormation's !Ref, is a warning to the parser; its value would not be what is meant.
  const syntax = document.errors[0] ?? document.warnings[0]
  const mistake =
    syntax === undefined ? misplacedAlias(document) : { message: sentenceOf(syntax), offset: syntax.pos[0] }
  if (mistake !== undefined) {
    return yield* refuse([{ path: [], message: mistake.message }], () => positionOf(mistake.offset))
  }
  const start = () => ({ line: 1, column: 1 })
  if (document.contents === null) {
    return yield* refuse([{ path: [], message: "the forma is empty; it needs targets and resources" }], start)
  }
  // It throws where aliases of aliases would multiply without end.
  const value = yield* Effect.option(Effect.try((): unknown => document.toJS()))
  if (value._tag === "None") {
    return yield* refuse([{ path: [], message: "its aliases multiply to more than can be read" }], start)
  }
  const decoded = yield* Effect.result(decodeDocument(value.value))
  if (decoded._tag === "Failure") {
    return yield* refuse(
      locateIssues(decoded.failure.issue).map(({ message, path }) => ({ path: path.map(toKey), message })),
    )
  }
  const issues = checkForma(decoded.success)
  if (issues.length > 0) return yield* refuse(issues)
  return { forma: { ...decoded.success, name: decoded.success.name ?? defaultName }, locate }
})

/** What the parser found, without its advice to programmers. */
const sentenceOf = ({ code, message }: YAMLError): string =>
  code === "MULTIPLE_DOCS" ? "a forma is one document, and here begins a second one" : message

/** An alias of nothing, or of what it stands in: there is no value for it. */
const misplacedAlias = (document: Document): { readonly message: string; readonly offset: number } | undefined => {
  let found: { message: string; offset: number } | undefined
  visit(document, {
    Alias: (_, alias, path) => {
      const target = alias.resolve(document)
      if (target !== undefined && !path.includes(target)) return undefined
      const why = target === undefined ? "there is no anchor of this name before it" : "it stands in what it stands for"
      found = { message: `the alias *${alias.source} has no value: ${why}`, offset: alias.range?.[0] ?? 0 }
      return visit.BREAK
    },
  })
  return found
}

const toKey = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key)

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
