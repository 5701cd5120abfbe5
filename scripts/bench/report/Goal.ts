/** What the project wants to reach, figure by figure. */
import { median, type Results } from "./Results.ts"

export interface Wanted {
  /** The figure, by its id. */
  readonly figure: string
  readonly entrant: string
  readonly atLeast?: number
  readonly atMost?: number
}

export const wanted: ReadonlyArray<Wanted> = [
  { figure: "one-together", entrant: "whole-way", atLeast: 0.5 },
  { figure: "one-together", entrant: "rpc-layer", atLeast: 0.62 },
  { figure: "flight-apart", entrant: "whole-way", atLeast: 0.4 },
  { figure: "flight-apart", entrant: "rpc-layer", atLeast: 0.5 },
  { figure: "flight-together", entrant: "whole-way", atLeast: 0.4 },
  { figure: "flight-together", entrant: "rpc-layer", atLeast: 0.55 },
  { figure: "start", entrant: "fake-aws", atMost: 1.8 },
  { figure: "start", entrant: "aws", atMost: 3.5 },
  { figure: "start", entrant: "azure", atMost: 3.5 },
  { figure: "restart", entrant: "fake-aws", atMost: 1.1 },
  { figure: "memory", entrant: "fake-aws", atMost: 1.3 },
  { figure: "memory", entrant: "azure", atMost: 1.7 },
  { figure: "large", entrant: "whole-way", atMost: 1.2 },
]

/** Agent CPU for each resource of the largest apply, in milliseconds. */
export const mostCpuPerResource = 1.5

/** The slowest namespace against the median one. */
export const mostStarved = 2

const bound = ({ atLeast, atMost }: Wanted): string => (atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`)

/** What is wanted of a figure, in words. */
export const wantedOf = (figure: string): string => {
  const own = wanted.filter((one) => one.figure === figure)
  const [first] = own
  if (first === undefined) return ""
  return own
    .map((one) => (one === first && one.entrant === "whole-way" ? bound(one) : `${one.entrant} ${bound(one)}`))
    .join(", ")
}

/** Whether the figure is reached; undefined where it was not measured, or nothing is wanted of it. */
export const isReached = (results: Results, figure: string, entrant: string): boolean | undefined => {
  const want = wanted.find((one) => one.figure === figure && one.entrant === entrant)
  const ratio = results.figures.find(({ id }) => id === figure)?.entries.find(({ name }) => name === entrant)?.ratio
  if (want === undefined || ratio === undefined) return undefined
  // As it is shown, so that a table does not contradict itself.
  const shown = Number(ratio.toFixed(2))
  return shown >= (want.atLeast ?? -Infinity) && shown <= (want.atMost ?? Infinity)
}

/** Between the smallest and the largest apply: what the time and the memory of one more resource did. 1 is linear. */
export const growth = (results: Results): { readonly millis: number; readonly peakMiB: number } | undefined => {
  const first = results.applied[0]
  const last = results.applied.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  const times = last.resources / first.resources
  return {
    millis: median([last.millis / first.millis / times]),
    peakMiB: last.agentPeakMiB / first.agentPeakMiB / times,
  }
}
