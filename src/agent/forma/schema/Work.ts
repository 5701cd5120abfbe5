/** How much the checks of a schema may do. It can ask for more than could ever be done, as with an `anyOf` that is doubled 40 times. */
import type { Place } from "./Place.ts"

/** What checks may do, in steps: one is a keyword, or a comparison, and takes up to half a microsecond. */
export interface WorkLimits {
  /** For all values of one schema together, besides what each value brings. */
  readonly reserve: number
  /** For each property and item of a value. A schema as one writes it needs about ten. */
  readonly perValue: number
  /** For each character of the texts in a value. */
  readonly perCharacter: number
  /** How many schemas may apply inside each other. `$ref`s that lead in a circle reach it. */
  readonly depth: number
}

export const defaultWorkLimits: WorkLimits = { reserve: 200_000, perValue: 500, perCharacter: 10, depth: 300 }

/** What is left for one schema. What one value did not need, up to the reserve, is there for the next. */
export class WorkAccount {
  readonly limits: WorkLimits
  private left: number

  constructor(limits: WorkLimits) {
    this.limits = limits
    this.left = limits.reserve
  }

  /** The work for one value. */
  open(value: unknown): Work {
    this.left = Math.min(this.left, this.limits.reserve) + allowance(this.limits, value)
    return new Work(this.limits.depth, (steps) => {
      this.left = Math.max(0, this.left - steps)
      return this.left > 0
    })
  }
}

/** The work for one value. */
export class Work {
  /** Where it ended before it was done. */
  stoppedAt: Place | undefined = undefined
  private deep: number
  private readonly take: (steps: number) => boolean

  constructor(depth: number, take: (steps: number) => boolean) {
    this.deep = depth
    this.take = take
  }

  /** Whether there was enough left for so many steps at this place. */
  spend(steps: number, at: Place): boolean {
    if (!this.take(steps)) this.stoppedAt ??= at
    return this.stoppedAt === undefined
  }

  /** What `apply` makes one level deeper, or `otherwise` where that is too deep. */
  deeper<A>(at: Place, otherwise: A, apply: () => A): A {
    if (this.deep === 0) this.stoppedAt ??= at
    if (this.stoppedAt !== undefined) return otherwise
    this.deep -= 1
    const made = apply()
    this.deep += 1
    return made
  }
}

/** The whole value is gone through once, without recursion: it may be deeper than the stack. */
const allowance = ({ perCharacter, perValue }: WorkLimits, root: unknown): number => {
  let steps = 0
  const rest: Array<unknown> = [root]
  while (rest.length > 0) {
    const value = rest.pop()
    steps += perValue
    if (typeof value === "string") steps += value.length * perCharacter
    else if (typeof value === "object" && value !== null) {
      for (const one of Object.values(value)) rest.push(one)
    }
  }
  return steps
}
