/** Text with values in it, for formae in code. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { AttributeRef, DeclaredText } from "./AttributeRef.ts"
import { formatText, parseText, type TextPart } from "./TextTemplate.ts"

/** What can stand in a text: what is known, what a resource will have, and another text. One that is redacted makes the whole text secret. */
export type ValueInText =
  | string
  | number
  | boolean
  | Redacted.Redacted<string>
  | AttributeRef<string | number | boolean>
  | DeclaredText

interface Known {
  readonly parts: ReadonlyArray<TextPart>
  readonly isSecret: boolean
}

const literal = (text: string): ReadonlyArray<TextPart> => (text === "" ? [] : [{ _tag: "Literal", text }])

/** What a text looks like in a document. */
interface WrittenText {
  readonly $ref?: string
  readonly $text?: string
  readonly $secret?: { readonly $text: string }
}

const knownIn = (value: ValueInText): Known => {
  if (Redacted.isRedacted(value)) return { parts: literal(Redacted.value(value)), isSecret: true }
  if (typeof value !== "object") return { parts: literal(String(value)), isSecret: false }
  const { $ref, $secret, $text }: WrittenText = value as WrittenText
  if ($ref !== undefined) {
    const [label = "", property = "", ...rest] = $ref.split(".")
    return { parts: [{ _tag: "Value", path: [label, property, ...rest] }], isSecret: false }
  }
  const read = parseText($secret?.$text ?? $text ?? "")
  return { parts: Result.getOrElse(read, () => []), isSecret: $secret !== undefined }
}

/** Makes a text of a template. What is put in is never read as a reference, unless it is one. */
export const declareText = (strings: TemplateStringsArray, ...values: ReadonlyArray<ValueInText>): DeclaredText => {
  const known = values.map(knownIn)
  const parts = strings.flatMap((text, index) => [...literal(text), ...(known[index]?.parts ?? [])])
  const text = { $text: formatText(parts) }
  const written: WrittenText = known.some(({ isSecret }) => isSecret) ? { $secret: text } : text
  return written as unknown as DeclaredText
}
