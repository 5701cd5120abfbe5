/** What a document says under `use`: other documents that are parts of it. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isRecord } from "../../../protocol/isRecord.ts"
import { reservedWords } from "../Expression.ts"
import { type FormaIssue, Label } from "../FormaDocument.ts"
import { readText } from "../LocatedText.ts"

/** A document that is used as a part. */
export interface Use {
  /** By this name the user of the part refers to its outputs. */
  readonly name: string
  /** The path of the document, from the folder of the one that uses it. */
  readonly document: string
  /** What its labels begin with in the user. */
  readonly prefix: string
  /** The values of its parameters, by name. */
  readonly parameters: { readonly [name: string]: unknown }
}

/** The parts, or what is wrong with them. */
export interface Uses {
  readonly uses: ReadonlyArray<Use>
  readonly issues: ReadonlyArray<FormaIssue>
}

const isLabel = Schema.is(Label)
const fields: ReadonlyArray<string> = ["document", "parameters", "prefix"]

const shape = "{ document: ./network.yaml }"

const objectionToName = (name: string): string | undefined => {
  if (reservedWords.has(name)) return `${name} is a reserved word; give the part another name`
  return isLabel(name)
    ? undefined
    : "the name of a part is of letters, digits, dashes and underscores, and does not begin with a digit or a dash, such as web-1"
}

const readUse = (name: string, said: unknown): Uses => {
  const path = ["use", name]
  const objection = objectionToName(name)
  if (objection !== undefined) return { uses: [], issues: [{ path, message: objection }] }
  if (!isRecord(said)) return { uses: [], issues: [{ path, message: `expected a part, such as ${name}: ${shape}` }] }
  const { document, parameters = {}, prefix = `${name}-` } = said
  const issues: Array<FormaIssue> = Object.keys(said)
    .filter((key) => !fields.includes(key))
    .map((key) => ({ path: [...path, key], message: `there is no such field; a part has: ${fields.join(", ")}` }))
  const refuse = (key: string, message: string) => void issues.push({ path: [...path, key], message })
  if (typeof document !== "string" || document === "") {
    refuse("document", `expected the path of a document, such as ${shape}; it cannot be put in`)
  }
  if (!isRecord(parameters))
    refuse("parameters", "expected values of parameters by name, such as { cidr: 10.0.0.0/16 }")
  if (typeof prefix !== "string" || (prefix !== "" && !isLabel(prefix))) {
    refuse("prefix", `expected what labels can begin with, such as ${name}-; it may be ""`)
  }
  const isRead = typeof document === "string" && isRecord(parameters) && typeof prefix === "string"
  return { uses: isRead && issues.length === 0 ? [{ name, document, prefix, parameters }] : [], issues }
}

/** Reads what a document has under `use`. */
export const readUses = (declared: unknown): Uses => {
  if (declared === undefined) return { uses: [], issues: [] }
  if (!isRecord(declared)) {
    return { uses: [], issues: [{ path: ["use"], message: `expected parts by name, such as net: ${shape}` }] }
  }
  const read = Object.entries(declared).map(([name, said]) => readUse(name, said))
  return { uses: read.flatMap(({ uses }) => uses), issues: read.flatMap(({ issues }) => issues) }
}

/** The paths of the documents that the one in a text uses, as it writes them. None where it cannot be read. */
export const usedDocuments = (text: string): ReadonlyArray<string> => {
  // Most documents use no others, and are large enough to be read once only.
  if (!/\buse\b/.test(text)) return []
  const read = readText(text)
  if (Result.isFailure(read) || !isRecord(read.success.value)) return []
  return readUses(read.success.value["use"]).uses.map(({ document }) => document)
}
