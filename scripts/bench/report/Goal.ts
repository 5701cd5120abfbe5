/** What the project wants to reach, figure by figure. */
import type { Results } from "./Results.ts"

export interface Goal {
  /** The figure, by its id. */
  readonly figure: string
  /** The entrant, by its name. */
  readonly entrant: string
  /** Bounds of the ratio. */
  readonly atLeast?: number
  readonly atMost?: number
}

export const goals: ReadonlyArray<Goal> = [
  { figure: "one-together", entrant: "whole-way", atLeast: 0.45 },
  { figure: "one-together", entrant: "rpc-layer", atLeast: 0.62 },
  { figure: "flight-apart", entrant: "whole-way", atLeast: 0.4 },
  { figure: "flight-apart", entrant: "rpc-layer", atLeast: 0.9 },
  { figure: "flight-together", entrant: "whole-way", atLeast: 0.55 },
  { figure: "flight-together", entrant: "rpc-layer", atLeast: 1 },
  { figure: "start", entrant: "fake-aws", atMost: 1.9 },
  { figure: "start", entrant: "aws", atMost: 2.2 },
  { figure: "start", entrant: "azure", atMost: 1.9 },
  { figure: "restart", entrant: "fake-aws", atMost: 1.1 },
  { figure: "memory", entrant: "fake-aws", atMost: 1.2 },
  { figure: "memory", entrant: "azure", atMost: 1.2 },
  { figure: "large", entrant: "whole-way", atMost: 1.6 },
  { figure: "large", entrant: "rpc-layer", atMost: 1.2 },
  { figure: "command", entrant: "version", atMost: 2 },
  { figure: "command", entrant: "plan", atMost: 6 },
]

/** The most processor time of the agent for each resource of the largest apply. */
export const maxCpuMillisPerResource = 0.6

/** The most time that the largest document may take, in times of what the smallest takes, which has a tenth of its resources. */
export const maxScaleGrowth = 11

/** The most processor time of a command that goes through all resources, for each of them, in times of what it takes over the smallest state. */
export const maxPassGrowth = 1.1

/** The most that the live heap may grow for each resource more while a plan stands, in KiB. */
export const maxHeapKiBPerResource = 2

/** The most processor time to read and check a document, in times of what the package `yaml` takes to parse it. */
export const maxReadRatio = 1.3

/** The most that the slowest plugin of the crowd may take, against the median one. */
export const maxSlowestAgainstMedian = 2

const bound = ({ atLeast, atMost }: Goal): string => (atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`)

/** The goals of a figure in words; empty if it has none. */
export const goalText = (figure: string): string =>
  goals
    .filter((goal) => goal.figure === figure)
    .map((goal, index) =>
      index === 0 && goal.entrant === "whole-way" ? bound(goal) : `${goal.entrant} ${bound(goal)}`,
    )
    .join(", ")

/** Whether the entrant reached its goal. Undefined if it has none or was not measured. */
export const isReached = (results: Results, figure: string, entrant: string): boolean | undefined => {
  const goal = goals.find((one) => one.figure === figure && one.entrant === entrant)
  const ratio = results.figures.find(({ id }) => id === figure)?.entries.find(({ name }) => name === entrant)
    ?.ratio.median
  if (goal === undefined || ratio === undefined) return undefined
  // Rounded as in the table, so that the table does not contradict itself.
  const rounded = Number(ratio.toFixed(2))
  return rounded >= (goal.atLeast ?? -Infinity) && rounded <= (goal.atMost ?? Infinity)
}
