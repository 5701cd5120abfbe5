/** One thing that was measured of several entrants, each round beside the floor. */
import type { Rounds } from "../measure/takeRounds.ts"
import { median, quartiles } from "./median.ts"

/** How an entrant compares with the floor: each round's ratio to the floor's turn beside it. */
export interface Ratio {
  readonly median: number
  /** Half of the rounds are between these two. */
  readonly quartiles: readonly [low: number, high: number]
}

/** One entrant at one figure. */
export interface Entry {
  readonly name: string
  readonly title: string
  /** The median of the rounds, in the unit of the figure. */
  readonly median: number
  readonly ratio: Ratio
  /** The ratio of the processor time of both processes, where that was measured. */
  readonly cpuRatio?: Ratio
  /** In the unit of the figure. */
  readonly rounds: ReadonlyArray<number>
}

export interface Figure {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** What a ratio says: the `share` of the floor's speed, where more is better, or how many `times` the floor, where less is. */
  readonly ratio: "share" | "times"
  /** The floor first. */
  readonly entries: ReadonlyArray<Entry>
}

/** `all` are in the unit of the figure, and the floor is the first. `cpu` is the processor time in the same rounds. */
export const figureOf = (
  about: Pick<Figure, "id" | "title" | "unit" | "ratio">,
  all: ReadonlyArray<Rounds<number>>,
  cpu?: ReadonlyArray<Rounds<number>>,
): Figure => {
  const ratioOf = ({ pairs }: Rounds<number>): Ratio => {
    const ratios = pairs.map(({ floor, own }) => (about.ratio === "share" ? floor / own : own / floor))
    return { median: median(ratios), quartiles: quartiles(ratios) }
  }
  return {
    ...about,
    entries: all.map((rounds, index) => {
      const cpuRounds = cpu?.[index]
      const own = rounds.pairs.map((pair) => pair.own)
      return {
        name: rounds.name,
        title: rounds.title,
        median: median(own),
        ratio: ratioOf(rounds),
        ...(cpuRounds !== undefined && { cpuRatio: ratioOf(cpuRounds) }),
        rounds: own,
      }
    }),
  }
}
