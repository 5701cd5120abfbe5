/** Rounds as the bench takes them: each value beside the floor's of the same place. */
import type { Rounds } from "../../../scripts/bench/measure/takeRounds.ts"

export const besideFloor = (
  floor: readonly [name: string, title: string, values: ReadonlyArray<number>],
  ...others: ReadonlyArray<typeof floor>
): ReadonlyArray<Rounds<number>> =>
  [floor, ...others].map(([name, title, values]) => ({
    name,
    title,
    pairs: values.map((own, round) => ({ own, floor: floor[2][round] ?? Number.NaN })),
  }))
