/** What a document needs from outside before it is a forma: parameters, variables of the environment, files. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { parseText } from "../TextTemplate.ts"
import { isVariableName, type Placeholder, readPlaceholder } from "./Placeholder.ts"

/** One need, and where the document has it. */
export interface Need {
  readonly path: FormaIssue["path"]
  readonly placeholder: Placeholder
}

export interface Needs {
  readonly needs: ReadonlyArray<Need>
  readonly issues: ReadonlyArray<FormaIssue>
}

/** A document takes 200 levels, and aliases nest what has that many. */
const maxDepth = 1_000

/** The text of `{ $text: "..." }`. What is wrong with such a value is said by the check of the forma. */
export const textIn = (value: unknown): string | undefined => {
  if (!isRecord(value) || !Object.hasOwn(value, "$text") || Object.keys(value).length > 1) return undefined
  const { $text: text } = value
  return typeof text === "string" ? text : undefined
}

/** What a value in a text is, such as `${param.name}`: undefined if it is not put in here, a failure if it cannot be read. */
export const placeholderOf = (path: ReadonlyArray<string>): Result.Result<Placeholder, string> | undefined => {
  const [first, name = "", ...rest] = path
  if (first !== "param" && first !== "env") return undefined
  if (rest.length > 0) {
    return Result.fail(`expected \${${first}.NAME}: a value in a text has no parts; refer to the whole of it`)
  }
  if (first === "param") return Result.succeed({ _tag: "Param", name })
  return isVariableName(name)
    ? Result.succeed({ _tag: "Env", name, fallback: undefined, isSecret: false })
    : Result.fail("expected the name of an environment variable, such as ${env.HOME}")
}

/** All needs of a value, in their order. */
export const findNeeds = (root: unknown, at: FormaIssue["path"] = []): Needs => {
  const needs: Array<Need> = []
  const issues: Array<FormaIssue> = []
  const add = (path: FormaIssue["path"], read: Result.Result<Placeholder, string>) =>
    Result.match(read, {
      onFailure: (message) => issues.push({ path, message }),
      onSuccess: (placeholder) => needs.push({ path, placeholder }),
    })

  const addText = (path: FormaIssue["path"], text: string) => {
    const parsed = parseText(text)
    if (Result.isFailure(parsed)) return
    for (const part of parsed.success) {
      const read = part._tag === "Value" ? placeholderOf(part.path) : undefined
      if (read !== undefined) add(path, read)
    }
  }

  // The path is copied only where something is found: a document may have a million values.
  const path = [...at]
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return
    if (path.length > maxDepth) {
      issues.push({ path: [...path], message: `it is nested deeper than ${maxDepth} levels; write it with fewer` })
      return
    }
    const read = readPlaceholder(value)
    if (read !== undefined) return void add([...path], read)
    const text = textIn(value)
    if (text !== undefined) return addText([...path, "$text"], text)
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== "object") continue
      path.push(Array.isArray(value) ? Number(key) : key)
      visit(item)
      path.pop()
    }
  }

  visit(root)
  return { needs, issues }
}
