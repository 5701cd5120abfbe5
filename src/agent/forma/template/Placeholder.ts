/** What stands for a value in a document: `{ $param: name }`, `{ $env: NAME }` and `{ $file: path }`. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"

/** A value that is put in before the document is a forma. */
export type Placeholder =
  | { readonly _tag: "Param"; readonly name: string }
  | {
      readonly _tag: "Env"
      readonly name: string
      /** The value where the variable is not set. */
      readonly fallback: string | undefined
      readonly isSecret: boolean
    }
  | { readonly _tag: "File"; readonly path: string }

const keys = ["$param", "$env", "$file"] as const

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Whether a text can be the name of an environment variable. */
export const isVariableName = (name: string): boolean => variablePattern.test(name)

const excess = (value: object, key: string, allowed: ReadonlyArray<string>): string | undefined => {
  const other = Object.keys(value).find((one) => one !== key && !allowed.includes(one))
  if (other === undefined) return undefined
  const more = allowed.length === 0 ? "no other key" : `no other key than ${allowed.join(" and ")}`
  return `${key} has ${more} beside it, and this has ${other}; take that out`
}

const readEnv = (value: { readonly [key: string]: unknown }): Result.Result<Placeholder, string> => {
  const { $env: name, default: fallback, secret = false } = value
  if (typeof name !== "string" || !isVariableName(name)) {
    return Result.fail("expected the name of an environment variable, such as { $env: HOME }")
  }
  if (fallback !== undefined && typeof fallback !== "string") {
    return Result.fail("the default of a variable is a string; put it in quotes")
  }
  if (typeof secret !== "boolean") return Result.fail("expected secret: true or secret: false; write one of the two")
  return Result.succeed({ _tag: "Env", name, fallback, isSecret: secret })
}

/** Reads a value. Undefined if it is none that stands for another; a failure is what is wrong, as a sentence. */
export const readPlaceholder = (value: unknown): Result.Result<Placeholder, string> | undefined => {
  if (!isRecord(value)) return undefined
  const key = keys.find((one) => Object.hasOwn(value, one))
  if (key === undefined) return undefined
  const beside = excess(value, key, key === "$env" ? ["default", "secret"] : [])
  if (beside !== undefined) return Result.fail(beside)
  const said = value[key]
  switch (key) {
    case "$param":
      return typeof said === "string"
        ? Result.succeed({ _tag: "Param", name: said })
        : Result.fail("expected the name of a parameter, such as { $param: replicas }")
    case "$env":
      return readEnv(value)
    case "$file":
      return typeof said === "string" && said !== ""
        ? Result.succeed({ _tag: "File", path: said })
        : Result.fail("expected the path of a file, such as { $file: ./policy.json }")
  }
}

/** The first key of a placeholder that a value has in it. */
export const placeholderIn = (value: unknown): string | undefined => {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next !== "object" || next === null) continue
    const key = Array.isArray(next) ? undefined : keys.find((one) => Object.hasOwn(next, one))
    if (key !== undefined) return key
    for (const item of Object.values(next)) waiting.push(item)
  }
  return undefined
}
