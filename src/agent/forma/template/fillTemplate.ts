/** Puts values in the place of what stands for them. */
import * as Result from "effect/Result"
import { reservedWords } from "../Expression.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { parseText, type TextPart } from "../TextTemplate.ts"
import { Allowance } from "./Allowance.ts"
import { placeholderOf, textIn } from "./Needs.ts"
import { type Placeholder, readPlaceholder } from "./Placeholder.ts"
import { asSecret, markedOnce, notInText, textOf, textOfValue, type ValueInText } from "./textOfValue.ts"

/** A value that is put in. */
export interface TemplateValue {
  readonly value: unknown
  readonly isSecret: boolean
}

/** The value for a placeholder, or why there is none, as a sentence. */
export type TemplateLookup = (placeholder: Placeholder) => Result.Result<TemplateValue, string>

export interface Filled {
  readonly value: unknown
  readonly issues: ReadonlyArray<FormaIssue>
}

type Path = FormaIssue["path"]

/** A label as the whole document has it, or why there is no such label, as a sentence. */
export type Rename = (label: string) => Result.Result<string, string>

export interface FillOptions {
  readonly lookup: TemplateLookup
  /** Changes the labels that the value refers to, but not those in what is put in. */
  readonly rename?: Rename | undefined
}

const isReference = (value: object): boolean => Object.hasOwn(value, "$ref") && Object.keys(value).length === 1

/** Fills a value at any depth. Every mistake is found; the value is of use only if there is none. */
export const fillTemplate = (root: unknown, { lookup, rename }: FillOptions, at: Path = []): Filled => {
  const issues: Array<FormaIssue> = []
  const allowance = new Allowance()
  const refuse = (path: Path, message: string) => void issues.push({ path, message })

  const spend = (path: Path, value: unknown) => {
    const objection = allowance.spend(value, path.length)
    // Once is enough.
    if (objection !== undefined && issues.at(-1)?.message !== objection) refuse(path, objection)
    return objection === undefined
  }

  const put = (path: Path, placeholder: Placeholder): TemplateValue | undefined => {
    const found = lookup(placeholder)
    if (Result.isFailure(found)) return void refuse(path, found.failure)
    return spend(path, found.success.value) ? found.success : undefined
  }

  const renamed = (path: Path, label: string): string => {
    if (rename === undefined) return label
    const found = rename(label)
    if (Result.isFailure(found)) refuse(path, found.failure)
    return Result.getOrElse(found, () => label)
  }

  const keepPart = (path: Path, part: TextPart): ValueInText => {
    if (part._tag === "Literal" || reservedWords.has(part.path[0])) return { parts: [part], isSecret: false }
    const [label, ...rest] = part.path
    return { parts: [{ ...part, path: [renamed(path, label), ...rest] }], isSecret: false }
  }

  const fillPart = (path: Path, part: TextPart): ValueInText => {
    const read = part._tag === "Value" ? placeholderOf(part.path) : undefined
    if (read === undefined || Result.isFailure(read)) return keepPart(path, part)
    const found = put(path, read.success)
    if (found === undefined) return keepPart(path, part)
    const text = textOfValue(found.value)
    if (text === undefined) refuse(path, notInText)
    return { parts: text?.parts ?? [], isSecret: found.isSecret || text?.isSecret === true }
  }

  const fillText = (path: Path, value: unknown, text: string): unknown => {
    const parsed = parseText(text)
    if (Result.isFailure(parsed)) return value
    const filled = parsed.success.map((part) => fillPart(path, part))
    return textOf(
      filled.flatMap(({ parts }) => parts),
      filled.some(({ isSecret }) => isSecret),
    )
  }

  const fillReference = (path: Path, { $ref }: { readonly [key: string]: unknown }): unknown => {
    if (typeof $ref !== "string" || rename === undefined) return { $ref }
    const [label = "", ...rest] = $ref.split(".")
    // What is no reference is refused by the check of the forma.
    return { $ref: rest.length === 0 ? $ref : [renamed(path, label), ...rest].join(".") }
  }

  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value !== "object" || value === null) return value
    const read = readPlaceholder(value)
    if (read !== undefined) {
      if (Result.isFailure(read)) return void refuse(path, read.failure)
      const found = put(path, read.success)
      return found?.isSecret === true ? asSecret(found.value) : found?.value
    }
    const text = textIn(value)
    if (text !== undefined) return fillText([...path, "$text"], value, text)
    if (Array.isArray(value)) return value.map((item, index) => fill(item, [...path, index]))
    // Not by assignment: a key may be `__proto__`.
    const filled = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, [...path, key])]))
    return isReference(filled) ? fillReference(path, filled) : markedOnce(filled)
  }

  return { value: fill(root, at), issues }
}
