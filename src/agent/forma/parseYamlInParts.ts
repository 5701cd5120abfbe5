/**
 * Reads a YAML text without a syntax tree of the whole, which takes many times
 * the memory of its values: what is complete of a long list is made a value and
 * let go. Where something is wrong, or depends on what was let go, another reader
 * has to look at the whole text.
 */
import { Composer, type CST, type Document, isMap, isScalar, isSeq, Lexer, Parser } from "yaml"
import { isRecord } from "../../protocol/isRecord.ts"
import { deepestAllowed, tooDeepAt } from "./yamlDepth.ts"
import { findAliasMistake } from "./YamlAliases.ts"

/** What the lexer gives before the text of a scalar. */
const scalarFollows = "\u001F"

/** The values of the items that were taken out of a list. */
type Taken = Map<CST.BlockSequence, Array<unknown>>

/** The list that is being read, where it is the value of a key of the document. */
const listIn = ({ stack: [document, map, list] }: Parser): CST.BlockSequence | undefined =>
  document?.type === "document" && map?.type === "block-map" && list?.type === "block-seq" ? list : undefined

/** The document of some tokens. Undefined where it has a mistake, or where there is not exactly one. */
const compose = (tokens: Iterable<CST.Token>): Document.Parsed | undefined => {
  const [document, second] = new Composer({ prettyErrors: false, merge: true }).compose(tokens)
  if (document === undefined || second !== undefined) return undefined
  const isRight = document.errors.length === 0 && document.warnings.length === 0
  return isRight && findAliasMistake(document.contents) === undefined ? document : undefined
}

/** Takes the items out of a list that are complete, which is all but the last one. False where they have a mistake. */
const takeFrom = (list: CST.BlockSequence, taken: Taken): boolean => {
  const items = list.items.splice(0, list.items.length - 1)
  const part: CST.Document = { type: "document", offset: list.offset, start: [], value: { ...list, items } }
  // Around the list there is the map of the document.
  if (tooDeepAt([part], deepestAllowed - 1) !== undefined) return false
  const values: unknown = compose([part])?.toJS()
  if (!Array.isArray(values)) return false
  const before = taken.get(list)
  if (before === undefined) taken.set(list, values)
  else before.push(...values)
  return true
}

/** Reads a text into tokens, of whose lists those in `taken` are missing. Undefined where something is wrong. */
const readTokens = (text: string, taken: Taken, atOnce: number): ReadonlyArray<CST.Token> | undefined => {
  const parser = new Parser()
  const tokens: Array<CST.Token> = []
  let hasAlias = false
  let before = ""
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    hasAlias ||= lexeme.startsWith("*") && before !== scalarFollows
    before = lexeme
    // What an alias repeats may have been let go.
    if (hasAlias && taken.size > 0) return undefined
    const list = listIn(parser)
    if (list === undefined || hasAlias || list.items.length <= atOnce) continue
    // A directive or a document before this one would change what the items mean.
    if (tokens.some(({ type }) => type === "directive" || type === "document")) return undefined
    if (!takeFrom(list, taken)) return undefined
  }
  tokens.push(...parser.end())
  return tooDeepAt(tokens) === undefined ? tokens : undefined
}

/** The key whose value is a list. Undefined where it is none that names the list and nothing else. */
const keyOf = ({ contents }: Document.Parsed, list: CST.BlockSequence): string | undefined => {
  const found = isMap(contents)
    ? contents.items.find(({ value }) => isSeq(value) && value.range?.[0] === list.offset)
    : undefined
  return isScalar(found?.key) && typeof found.key.value === "string" ? found.key.value : undefined
}

/**
 * The value of a YAML document, of whose lists so many items are made values
 * together. Undefined where it has a mistake, or has to be read as a whole.
 */
export const parseYamlInParts = (text: string, atOnce = 256): { readonly value: unknown } | undefined => {
  const taken: Taken = new Map()
  const tokens = readTokens(text, taken, atOnce)
  const document = tokens && compose(tokens)
  if (document === undefined) return undefined
  // What the aliases expand to is bounded already, so their number does not matter.
  const value: unknown = document.toJS({ maxAliasCount: -1 })
  for (const [list, values] of taken) {
    const key = keyOf(document, list)
    if (key === undefined || !isRecord(value)) return undefined
    const rest = value[key]
    if (!Array.isArray(rest)) return undefined
    values.push(...rest)
    Object.assign(value, { [key]: values })
  }
  return { value }
}
