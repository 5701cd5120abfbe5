/** Puts values in the place of what stands for them. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { formatText, parseText, type TextPart } from "../TextTemplate.ts"
import { countValues } from "./countValues.ts"
import { placeholderOf, textIn } from "./Needs.ts"
import { type Placeholder, readPlaceholder } from "./Placeholder.ts"

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

/** How much may be put in. A large value can be put in at many places. */
export const fillLimits = { values: 1_000_000, characters: 32_000_000 } as const

const tooMuch = `what is put in here makes the document larger than ${fillLimits.values} values or ${fillLimits.characters} characters`

const isSecretValue = (value: unknown): value is { readonly $secret: unknown } =>
  isRecord(value) && Object.hasOwn(value, "$secret") && Object.keys(value).length === 1

/** A value that is kept secret. What is secret already stays as it is. */
export const asSecret = (value: unknown): unknown => (isSecretValue(value) ? value : { $secret: value })

const scalarText = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined

/** The value of a text once what can be put in is in it. */
const textOf = (parts: ReadonlyArray<TextPart>): unknown =>
  parts.some((part) => part._tag === "Value")
    ? { $text: formatText(parts) }
    : parts.map((part) => (part._tag === "Literal" ? part.text : "")).join("")

/** Fills a value at any depth. Every mistake is found; the value is of use only if there is none. */
export const fillTemplate = (root: unknown, lookup: TemplateLookup, at: Path = []): Filled => {
  const issues: Array<FormaIssue> = []
  let values = 0
  let characters = 0
  const refuse = (path: Path, message: string) => void issues.push({ path, message })

  const spend = (path: Path, value: unknown) => {
    const size = countValues(value)
    values += size.values
    characters += size.characters
    if (values <= fillLimits.values && characters <= fillLimits.characters) return true
    // Once is enough.
    if (issues.at(-1)?.message !== tooMuch) refuse(path, tooMuch)
    return false
  }

  const put = (path: Path, placeholder: Placeholder): TemplateValue | undefined => {
    const found = lookup(placeholder)
    if (Result.isFailure(found)) return void refuse(path, found.failure)
    return spend(path, found.success.value) ? found.success : undefined
  }

  const fillPart = (path: Path, part: TextPart): readonly [TextPart, isSecret: boolean] => {
    const read = part._tag === "Value" ? placeholderOf(part.path) : undefined
    if (read === undefined || Result.isFailure(read)) return [part, false]
    const found = put(path, read.success)
    if (found === undefined) return [part, false]
    const text = scalarText(found.value)
    if (text === undefined) refuse(path, "only a string, a number, true or false can be put into a text")
    return [{ _tag: "Literal", text: text ?? "" }, found.isSecret]
  }

  const fillText = (path: Path, value: unknown, text: string): unknown => {
    const parsed = parseText(text)
    if (Result.isFailure(parsed)) return value
    const filled = parsed.success.map((part) => fillPart(path, part))
    const whole = textOf(filled.map(([part]) => part))
    return filled.some(([, isSecret]) => isSecret) ? asSecret(whole) : whole
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
    return isSecretValue(filled) ? asSecret(filled.$secret) : filled
  }

  return { value: fill(root, at), issues }
}
