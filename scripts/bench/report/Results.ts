/** What a run of the bench has found, as it is written to JSON. */

/** One entrant at one figure. */
export interface Entry {
  readonly name: string
  readonly title: string
  /** Of the rounds, in the unit of the figure. */
  readonly median: number
  /** The median of each round's ratio to the floor of the same round. */
  readonly ratio: number
  readonly rounds: ReadonlyArray<number>
}

export interface Figure {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** What a ratio says: `share` of the floor's speed, more is better; `times` what the floor takes, less is better. */
  readonly ratio: "share" | "times"
  /** The floor first. */
  readonly entries: ReadonlyArray<Entry>
}

/** An apply of so many resources. */
export interface Applied {
  readonly resources: number
  readonly millis: number
  readonly agentCpuMillis: number
  readonly agentPeakMiB: number
}

export interface ManyPlugins {
  readonly plugins: number
  readonly inFlight: number
  readonly medianMillis: number
  readonly slowestMillis: number
}

export interface Results {
  readonly node: string
  readonly processor: string
  readonly form: "full" | "quick"
  readonly figures: ReadonlyArray<Figure>
  readonly applied: ReadonlyArray<Applied>
  readonly manyPlugins: ManyPlugins | undefined
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** `rounds` has a list for each entrant, of one value a round; the floor's is the first. */
export const figureOf = (
  about: Pick<Figure, "id" | "title" | "unit" | "ratio">,
  rounds: ReadonlyArray<{ readonly name: string; readonly title: string; readonly rounds: ReadonlyArray<number> }>,
): Figure => {
  const floor = rounds[0]?.rounds ?? []
  return {
    ...about,
    entries: rounds.map(({ name, rounds: values, title }) => ({
      name,
      title,
      median: median(values),
      ratio: median(
        values.map((value, round) => {
          const least = floor[round] ?? Number.NaN
          return about.ratio === "share" ? least / value : value / least
        }),
      ),
      rounds: values,
    })),
  }
}
