/** Rounds in which each entrant has its turn, in another order each time: what disturbs one also disturbs its neighbours. */
import type { Entrant } from "../contestants/Entrant.ts"

/** The values of one entrant, one a round. */
export interface Rounds extends Pick<Entrant, "name" | "title"> {
  readonly rounds: Array<number>
}

export const takeRounds = async <E extends Pick<Entrant, "name" | "title">>(
  entrants: ReadonlyArray<E>,
  count: number,
  measure: (entrant: E) => Promise<number>,
): Promise<ReadonlyArray<Rounds>> => {
  const all = entrants.map(({ name, title }): Rounds => ({ name, title, rounds: [] }))
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const index = (turn + round) % entrants.length
      const entrant = entrants[index]
      if (entrant !== undefined) all[index]?.rounds.push(await measure(entrant))
    }
  }
  return all
}
