/** Rounds in which each entrant has its turn, in another order each time: what disturbs one disturbs its neighbours. */
import type { Entrant } from "../contestants/Entrant.ts"

export interface Timed extends Pick<Entrant, "name" | "title"> {
  readonly rounds: Array<number>
}

export const interleaved = async <E extends Pick<Entrant, "name" | "title">>(
  entrants: ReadonlyArray<E>,
  rounds: number,
  measure: (entrant: E) => Promise<number>,
): Promise<ReadonlyArray<Timed>> => {
  const timed = entrants.map(({ name, title }): Timed => ({ name, title, rounds: [] }))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < entrants.length; turn++) {
      const index = (turn + round) % entrants.length
      const entrant = entrants[index]
      if (entrant !== undefined) timed[index]?.rounds.push(await measure(entrant))
    }
  }
  return timed
}
