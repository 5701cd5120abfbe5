/** Runs the patterns of parameters. */
import * as Effect from "effect/Effect"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"

/** What is longer, or has more states, would take too long. */
const most = { pattern: 1_000, states: 2_000, text: 100_000 } as const

/** Why a text does not match a pattern, as the end of a sentence. Undefined if it does. */
export const objectionToText = (compile: CompilePattern, pattern: string, text: string): string | undefined => {
  if (text.length > most.text)
    return `has more than ${most.text} characters, which is too much for a pattern; write a shorter one`
  return compile(whole(pattern))?.isIn(text) === true
    ? undefined
    : `does not match the pattern ${pattern}; write one that does`
}

/** Why a pattern cannot be used, as a sentence. Undefined if it can. */
export const objectionToPattern = (compile: CompilePattern, pattern: string): string | undefined => {
  if (pattern.length > most.pattern) return `it has more than ${most.pattern} characters; write a shorter one`
  const size = compile(whole(pattern))?.size
  if (size === undefined)
    return "it is not a regular expression that can be run in linear time; write it without references back and without looking ahead or behind"
  return size > most.states ? "it takes too many states; write it with smaller counts" : undefined
}

const whole = (pattern: string): string => `^(?:${pattern})$`

/** The engine is loaded only for a document whose parameters have patterns. */
export const patternsFor = (declared: unknown): Effect.Effect<CompilePattern> =>
  isRecord(declared) && Object.values(declared).some((one) => isRecord(one) && Object.hasOwn(one, "pattern"))
    ? Effect.map(
        Effect.promise(() => import("../schema/linearPattern.ts")),
        ({ linearPattern }) => linearPattern,
      )
    : Effect.succeed(() => undefined)
