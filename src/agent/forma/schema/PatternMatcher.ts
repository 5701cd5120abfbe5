/** Runs the patterns of one schema within the work of a check. */
import type { Place } from "./Place.ts"
import type { LinearPattern } from "./linearPattern.ts"
import type { Work } from "./Work.ts"

/** Makes a pattern that can be run. `undefined` if that is not possible. */
export type CompilePattern = (pattern: string) => LinearPattern | undefined

/** A longer pattern is not compiled. */
const longestPattern = 4000
/** A pattern of more states is not run: it takes too much memory to keep, and a second for a few hundred characters. */
const mostStates = 50_000
/** What all patterns of a schema may take, in units of 12 µs. */
const mostEffort = 100_000

/** The classes of many thousand characters, which take a longer time to compile: `\p{L}`. */
const greatClass = /\\[pPS]/g

const effortOf = (pattern: string): number => pattern.length + 50 * (pattern.match(greatClass)?.length ?? 0)

export class PatternMatcher {
  private readonly compiled = new Map<string, LinearPattern | undefined>()
  private effort = 0
  private readonly compile: CompilePattern

  constructor(compile: CompilePattern) {
    this.compile = compile
  }

  /** Whether a pattern is found in a text. `undefined` if that cannot be said. */
  matches(pattern: string, text: string, at: Place, work: Work): boolean | undefined {
    const found = this.find(pattern)
    if (found === undefined) {
      work.spend(1, at)
      return undefined
    }
    return work.spend(1 + (text.length * found.size) / 4, at) ? found.isIn(text) : undefined
  }

  private find(pattern: string): LinearPattern | undefined {
    if (this.compiled.has(pattern)) return this.compiled.get(pattern)
    if (pattern.length > longestPattern || this.effort > mostEffort) return undefined
    this.effort += effortOf(pattern)
    const compiled = this.compile(pattern)
    // Counts that are multiplied (`(?:a{9}){99}`) are seen only here.
    this.effort += (compiled?.size ?? 0) / 2
    const made = compiled !== undefined && compiled.size <= mostStates ? compiled : undefined
    this.compiled.set(pattern, made)
    return made
  }
}
