/** Text with values in it: `arn:aws:s3:::${assets.BucketName}/*`. */
import * as Result from "effect/Result"

/** A part of a text: characters that stand for themselves, or a value that is filled in. */
export type TextPart = TextLiteral | TextValue

/** Characters that stand for themselves. */
export interface TextLiteral {
  readonly _tag: "Literal"
  readonly text: string
}

/** What is between `${` and `}`. */
export interface TextValue {
  readonly _tag: "Value"
  /** The names between the dots, at least two: a label or a reserved word first. */
  readonly path: readonly [string, string, ...ReadonlyArray<string>]
}

/** Why a text cannot be read. */
export interface TextProblem {
  /** Where the value begins: an index into the text. */
  readonly offset: number
  /** What is wrong, as a sentence without the text, which may be secret. */
  readonly message: string
}

/** `$`, any number of times, before `{`. Each two stand for one; a last one begins a value. */
const opening = /(\$+)\{/g

const label = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** Reads a text. `$${` stands for `${`. */
export const parseText = (text: string): Result.Result<ReadonlyArray<TextPart>, TextProblem> => {
  const parts: Array<TextPart> = []
  let literal = ""
  let from = 0
  opening.lastIndex = 0
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    const dollars = found[1]?.length ?? 0
    literal += text.slice(from, found.index) + "$".repeat(Math.floor(dollars / 2))
    from = opening.lastIndex
    if (dollars % 2 === 0) {
      literal += "{"
      continue
    }
    const offset = from - 2
    const end = text.indexOf("}", from)
    if (end === -1) return Result.fail(problem(offset, "is not closed by a }"))
    const path = pathIn(text.slice(from, end))
    if (path === undefined)
      return Result.fail(problem(offset, "has no value such as net.VpcId or param.NAME up to its }"))
    if (literal !== "") parts.push({ _tag: "Literal", text: literal })
    parts.push({ _tag: "Value", path })
    literal = ""
    from = end + 1
    opening.lastIndex = from
  }
  literal += text.slice(from)
  if (literal !== "") parts.push({ _tag: "Literal", text: literal })
  return Result.succeed(parts)
}

const problem = (offset: number, what: string): TextProblem => ({
  offset,
  message: `the \${ at character ${offset + 1} ${what}; write $\${ where \${ should be in the text`,
})

const pathIn = (inside: string): TextValue["path"] | undefined => {
  const [first = "", second, ...rest] = inside.trim().split(".")
  const names = [second, ...rest]
  const isName = (name: string | undefined) => name !== undefined && name !== "" && !/[${\s]/.test(name)
  return second !== undefined && label.test(first) && names.every(isName) ? [first, second, ...rest] : undefined
}

/** The text that is read as these parts. */
export const formatText = (parts: ReadonlyArray<TextPart>): string => {
  let text = ""
  let literal = ""
  for (const part of parts) {
    if (part._tag === "Literal") {
      literal += part.text
      continue
    }
    // What ends in `$` would reach into the value that follows.
    text += `${escape(literal).replace(/\$+$/, "$&$&")}\${${part.path.join(".")}}`
    literal = ""
  }
  return text + escape(literal)
}

const escape = (literal: string): string => literal.replace(opening, "$1$&")
