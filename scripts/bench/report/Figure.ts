/** One thing that was measured of several entrants, in the same rounds. */
import { median } from "./median.ts"

/** One entrant at one figure. */
export interface Entry {
  readonly name: string
  readonly title: string
  /** The median of the rounds, in the unit of the figure. */
  readonly median: number
  /** The median of each round's ratio to the floor of the same round. */
  readonly ratio: number
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

/** `entrants` have one value a round each, in the unit of the figure. The first is the floor. */
export const figureOf = (
  about: Pick<Figure, "id" | "title" | "unit" | "ratio">,
  entrants: ReadonlyArray<Pick<Entry, "name" | "title" | "rounds">>,
): Figure => {
  const floor = entrants[0]?.rounds ?? []
  return {
    ...about,
    entries: entrants.map(({ name, rounds, title }) => ({
      name,
      title,
      median: median(rounds),
      ratio: median(
        rounds.map((value, round) => {
          const least = floor[round] ?? Number.NaN
          return about.ratio === "share" ? least / value : value / least
        }),
      ),
      rounds,
    })),
  }
}
