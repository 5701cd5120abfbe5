/** Patterns as they are run: by RE2, in a time that grows with the text and the pattern, and with nothing else. */
import * as Result from "effect/Result"
import { RE2JS } from "re2js"
import { patternProblem, re2Pattern } from "./re2Pattern.ts"

/** A pattern that can be run. */
export interface LinearPattern {
  /** How many states it has. A match costs up to so much for each character. */
  readonly size: number
  /** Whether it is found in the text. */
  readonly isIn: (text: string) => boolean
}

/** `undefined` if it is not a pattern, or uses what RE2 does not have. */
export const linearPattern = (pattern: string): LinearPattern | undefined => {
  const re2 = patternProblem(pattern) === undefined ? re2Pattern(pattern) : undefined
  const compiled = re2 === undefined ? undefined : Result.getOrUndefined(Result.try(() => RE2JS.compile(re2)))
  return compiled && { size: compiled.programSize(), isIn: (text) => compiled.test(text) }
}
