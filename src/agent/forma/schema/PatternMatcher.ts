/** Runs the patterns of one schema within the work of a check. */
import type { Place } from "./Place.ts"
import type { LinearPattern } from "./linearPattern.ts"
import type { Work } from "./Work.ts"

/** Makes a pattern that can be run. `undefined` if that is not possible. */
export type CompilePattern = (pattern: string) => LinearPattern | undefined

/** To compile takes up to 12 µs for each character. */
const longestPattern = 4000
const longestPatterns = 100_000

export class PatternMatcher {
  private readonly compiled = new Map<string, LinearPattern | undefined>()
  private characters = 0
  private readonly compile: CompilePattern

  constructor(compile: CompilePattern) {
    this.compile = compile
  }

  /** Whether a pattern is found in a text. `undefined` if that cannot be said. */
  matches(pattern: string, text: string, at: Place, work: Work): boolean | undefined {
    const found = this.find(pattern)
    if (found === undefined) return undefined
    return work.spend(1 + (text.length * found.size) / 4, at) ? found.isIn(text) : undefined
  }

  private find(pattern: string): LinearPattern | undefined {
    if (this.compiled.has(pattern)) return this.compiled.get(pattern)
    this.characters += Math.min(pattern.length, longestPattern)
    const isTooLong = pattern.length > longestPattern || this.characters > longestPatterns
    const made = isTooLong ? undefined : this.compile(pattern)
    if (this.characters <= longestPatterns) this.compiled.set(pattern, made)
    return made
  }
}
