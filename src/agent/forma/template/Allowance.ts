/** How much may be put into a document. A large value can be put in at many places. */
import { countValues } from "./countValues.ts"

export const fillLimits = { values: 1_000_000, characters: 32_000_000, depth: 1_000 } as const

const tooMuch = `what is put in here makes the document larger than ${fillLimits.values} values or ${fillLimits.characters} characters; put in less, or divide the document`
export const tooDeep = `what is put in here is nested deeper than ${fillLimits.depth} levels; put in what is nested less`

/** What is left of it. */
export class Allowance {
  private values = 0
  private characters = 0

  /** Takes the size of a value that is put in at a depth. What is wrong then, as a sentence. */
  spend(value: unknown, depth: number): string | undefined {
    const size = countValues(value)
    this.values += size.values
    this.characters += size.characters
    if (this.values > fillLimits.values || this.characters > fillLimits.characters) return tooMuch
    return depth + size.depth > fillLimits.depth ? tooDeep : undefined
  }
}
