/** How much is measured. */
import type { CallsForm } from "./measureCalls.ts"
import type { CrowdForm } from "./measureCrowd.ts"

export interface Form {
  readonly calls: CallsForm
  /** How many rounds. */
  readonly starts: number
  /** How many rounds of the command. */
  readonly command: number
  /** How many resources in each apply, the smallest first. */
  readonly apply: ReadonlyArray<number>
  /** How many resources in each document, the smallest first. */
  readonly scale: ReadonlyArray<number>
  /** How many resources in a state on Postgres, the smallest first. */
  readonly postgres: ReadonlyArray<number>
  readonly crowd: CrowdForm
}

export const forms: { readonly full: Form; readonly quick: Form } = {
  full: {
    calls: { warmUp: 20_000, rounds: 11, oneAfterAnother: 2_000, inFlight: 6_400, large: 10 },
    starts: 11,
    command: 11,
    apply: [2_500, 5_000, 10_000],
    scale: [10_000, 100_000],
    postgres: [10_000, 30_000],
    crowd: { plugins: 50, inFlight: 20, each: 50 },
  },
  quick: {
    calls: { warmUp: 500, rounds: 3, oneAfterAnother: 300, inFlight: 640, large: 2 },
    starts: 2,
    command: 2,
    apply: [50, 100],
    scale: [50, 100],
    postgres: [50, 100],
    crowd: { plugins: 4, inFlight: 20, each: 10 },
  },
}
