/** Texts of a plugin, at lengths that a state, a log and a terminal can hold. */
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { cutText } from "./cutText.ts"

/** A message for people. What is too long is cut where it is read, and says how long it was. */
export const Message = Schema.String.pipe(
  Schema.decodeTo(
    Schema.String,
    SchemaTransformation.transform({ decode: (text: string) => cutText(text), encode: (text: string) => text }),
  ),
)

/** Refuses a text that has a NUL, which not every state can hold. */
export const withoutNul = Schema.makeFilter((text: string) => (text.includes("\0") ? "has a NUL" : undefined))

/** Refuses a text of more characters, and says how many it has. */
export const maxCharacters = (limit: number) =>
  Schema.makeFilter((text: string) =>
    text.length <= limit ? undefined : `has ${text.length} characters, and may have ${limit}`,
  )

/** A text as every state holds it. */
export const storable = (text: string): string => text.replaceAll("\0", "\u2400")
