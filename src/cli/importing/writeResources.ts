/** Writes resources and parameters into the text of a document. What was there stays as it is, to the letter. */
import * as Result from "effect/Result"
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  stringify,
  visit,
  Document as Yaml,
} from "yaml"
import type * as Schema from "effect/Schema"
import { readText } from "../../agent/index.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { isRecord } from "../../protocol/isRecord.ts"

type Json = Schema.Json
type JsonObject = Readonly<Record<string, Json>>

/** What is added to a document. */
export interface Addition {
  /** The resources, as a document states them. */
  readonly resources: ReadonlyArray<JsonObject>
  /** Declarations of parameters by name. */
  readonly parameters: JsonObject
}

/** A text with something put in at an offset. Later offsets go first, so that earlier ones stay right. */
interface Insertion {
  readonly at: number
  /** Up to where it replaces what was there. */
  readonly to?: number
  readonly text: string
}

/** The text of a document that has targets and nothing else. */
export const documentOfTargets = (targets: JsonObject, isJson: boolean): string =>
  isJson ? `${JSON.stringify({ targets, resources: [] }, null, 2)}\n` : yamlOf({ targets, resources: [] })

/**
 * The text with the resources at the end of its list, or a text of their own
 * where there is none. Fails, as a sentence, where that cannot be done without
 * changing something else.
 */
export const writeResources = (text: string | undefined, addition: Addition): Result.Result<string, string> => {
  if (text === undefined) {
    const { parameters, resources } = addition
    return Result.succeed(yamlOf({ ...(Object.keys(parameters).length === 0 ? {} : { parameters }), resources }))
  }
  const before = readText(text)
  if (before._tag === "Failure" || !isRecord(before.success.value)) return Result.fail("it is not a document")
  const whole = added(before.success.value as JsonObject, addition)
  if (whole === undefined) return Result.fail("its resources or its parameters are not written out in it")
  const wanted = canonicalJson(whole)
  const isWanted = (written: string): boolean => {
    const read = readText(written)
    return (
      read._tag === "Success" && isRecord(read.success.value) && canonicalJson(read.success.value as Json) === wanted
    )
  }
  // The second one writes the whole text again: it keeps comments, but not each space.
  const ways = [insertedIn, rewritten].map((way) => () => way(text, addition))
  for (const way of ways) {
    const written = way()
    if (written !== undefined && isWanted(written)) return Result.succeed(written)
  }
  return Result.fail(
    "its resources cannot be added to without changing something else; write them as a list of their own",
  )
}

/** What the document says then. Undefined where it cannot be added to. */
const added = (document: JsonObject, { parameters, resources }: Addition): JsonObject | undefined => {
  const [present, declared] = [document["resources"] ?? [], document["parameters"] ?? {}]
  if (!Array.isArray(present) || !isRecord(declared)) return undefined
  if (Object.keys(parameters).some((name) => Object.hasOwn(declared, name))) return undefined
  return {
    ...document,
    resources: [...present, ...resources],
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...declared, ...parameters } }),
  }
}

const insertedIn = (text: string, { parameters, resources }: Addition): string | undefined => {
  const document = parseDocument(text, { prettyErrors: false })
  const root = document.contents
  if (!isMap(root)) return undefined
  const isJson = root.flow === true
  const insertions = [
    resourceInsertion(text, document, resources, isJson),
    ...(Object.keys(parameters).length === 0 ? [] : [parameterInsertion(text, document, parameters, isJson)]),
  ]
  if (insertions.some((one) => one === undefined)) return undefined
  const ends = text.includes("\r\n") ? "\r\n" : "\n"
  return insertions
    .filter((one) => one !== undefined)
    .toSorted((a, b) => b.at - a.at)
    .reduce(
      (whole, { at, text: more, to = at }) => whole.slice(0, at) + more.replaceAll("\n", ends) + whole.slice(to),
      text,
    )
}

const resourceInsertion = (
  text: string,
  document: Document.Parsed,
  resources: ReadonlyArray<JsonObject>,
  isJson: boolean,
): Insertion | undefined => {
  const node = document.get("resources", true) as Node | undefined
  if (node === undefined) return atEnd(text, document, "resources", resources, isJson)
  if (!isSeq(node) || !node.range) return undefined
  const last = node.items.at(-1) as Node | undefined
  if (last === undefined) {
    const [from, to] = node.range
    const at = from - (/ *$/.exec(text.slice(lineStart(text, from), from))?.[0].length ?? 0)
    if (!isJson) return { at, to, text: `\n${indented(yamlOf(resources), "  ").trimEnd()}` }
    const outer = indentAt(text, from)
    return { at: from, to, text: `[\n${jsonItems(resources, `${outer}  `)}\n${outer}]` }
  }
  if (!last.range) return undefined
  return node.flow === true
    ? afterFlow(text, node.range, last.range, jsonItems, resources)
    : afterBlock(text, columnOf(text, node.range[0]), last.range[1], yamlOf(resources))
}

const parameterInsertion = (
  text: string,
  document: Document.Parsed,
  parameters: JsonObject,
  isJson: boolean,
): Insertion | undefined => {
  const node = document.get("parameters", true) as Node | undefined
  if (node === undefined) {
    if (isJson) return atEnd(text, document, "parameters", parameters, isJson)
    const first = isMap(document.contents) ? document.contents.items[0]?.key : undefined
    const at = isScalar(first) ? first.range?.[0] : undefined
    return at === undefined ? undefined : { at, text: yamlOf({ parameters }) }
  }
  if (!isMap(node) || !node.range) return undefined
  const last = node.items.at(-1)
  const value = last?.value as Node | undefined | null
  const key = node.items[0]?.key as Node | undefined
  if (!value?.range || !key?.range) return undefined
  return node.flow === true
    ? afterFlow(text, node.range, value.range, jsonPairs, parameters)
    : afterBlock(text, columnOf(text, key.range[0]), value.range[1], yamlOf(parameters))
}

/** After everything: a key that the document does not have. */
const atEnd = (
  text: string,
  { contents }: Document.Parsed,
  name: string,
  value: JsonObject | ReadonlyArray<JsonObject>,
  isJson: boolean,
): Insertion | undefined => {
  if (!isJson)
    return { at: text.length, text: `${text.endsWith("\n") || text === "" ? "" : "\n"}${yamlOf({ [name]: value })}` }
  if (!isMap(contents) || !contents.range) return undefined
  const last = contents.items.at(-1)?.value as Node | undefined | null
  return last?.range ? afterFlow(text, contents.range, last.range, jsonPairs, { [name]: value as Json }) : undefined
}

/** In a new line after an item, at the same column. */
const afterBlock = (text: string, column: number, end: number, more: string): Insertion => {
  const isFresh = text[end - 1] === "\n"
  const lineEnd = text.indexOf("\n", end)
  const at = isFresh ? end : lineEnd === -1 ? text.length : lineEnd + 1
  const isOpen = at > 0 && text[at - 1] !== "\n"
  return { at, text: `${isOpen ? "\n" : ""}${indented(more, " ".repeat(column))}` }
}

/** After an item between brackets: in a line of its own, if the items have that. */
const afterFlow = <A>(
  text: string,
  whole: readonly [number, number, number],
  last: readonly [number, number, number],
  print: (value: A, indent: string) => string,
  value: A,
): Insertion => {
  const hasLines = text.slice(whole[0], whole[1]).includes("\n")
  const indent = indentAt(text, last[0])
  const printed = hasLines ? `\n${print(value, indent)}` : ` ${print(value, "").replaceAll(/\n */g, " ")}`
  return { at: last[1], text: `,${printed}` }
}

/** Writes the whole text again, which keeps comments. */
const rewritten = (text: string, { parameters, resources }: Addition): string | undefined => {
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) return undefined
  const present: unknown = document.get("resources")
  if (isSeq(present)) for (const one of resources) present.add(document.createNode(one))
  else document.set("resources", document.createNode(resources))
  for (const [name, declaration] of Object.entries(parameters)) {
    document.setIn(["parameters", name], document.createNode(declaration))
  }
  return document.toString({ lineWidth: 0 })
}

/** As block YAML. What stands for a value is in one line. */
const yamlOf = (value: unknown): string => {
  const document = new Yaml(value)
  visit(document, {
    Map: (_, map) => {
      const [first, ...rest] = map.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""))
      if (rest.length === 0 && first?.startsWith("$") === true) map.flow = true
    },
  })
  return stringify(document, { lineWidth: 0 })
}

const jsonItems = (items: ReadonlyArray<JsonObject>, indent: string): string =>
  items.map((one) => indented(JSON.stringify(one, null, 2), indent)).join(",\n")

const jsonPairs = (values: JsonObject, indent: string): string =>
  Object.entries(values)
    .map(([name, value]) => indented(`${JSON.stringify(name)}: ${JSON.stringify(value, null, 2)}`, indent))
    .join(",\n")

const indented = (text: string, indent: string): string => text.replaceAll(/^(?=.)/gm, indent)

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1

const columnOf = (text: string, at: number): number => at - lineStart(text, at)

/** The spaces with which the line of an offset begins. */
const indentAt = (text: string, at: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? ""
