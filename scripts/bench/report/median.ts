/** The value below which this part of the values is, from 0 to 1, between two of them where it falls there. NaN of none. */
const quantile = (values: ReadonlyArray<number>, part: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const lower = sorted[Math.floor(position)] ?? Number.NaN
  const upper = sorted[Math.ceil(position)] ?? Number.NaN
  return lower + (upper - lower) * (position % 1)
}

/** The mean of the middle two of an even number of values. NaN of none. */
export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

/** Half of the values are between these two. */
export const quartiles = (values: ReadonlyArray<number>): readonly [low: number, high: number] => [
  quantile(values, 0.25),
  quantile(values, 0.75),
]
