/**
 * Rounds in which each entrant has its turn right beside one of the floor, in
 * another order each time: what disturbs one of the two disturbs the other, and
 * nobody rests for long. V8 collects the garbage of a process that rests for some
 * seconds, and the calls after that are slower, some thousands of them.
 */
import type { Entrant } from "../contestants/Entrant.ts"

/** What was measured of an entrant, and of the floor just before it or just after it. */
export interface Pair<A> {
  readonly own: A
  readonly floor: A
}

/** The values of one entrant, one a round. */
export interface Rounds<A> extends Pick<Entrant, "name" | "title"> {
  readonly pairs: Array<Pair<A>>
}

/** The first entrant is the floor. Its own values are those beside all the others. */
export const takeRounds = async <E extends Pick<Entrant, "name" | "title">, A>(
  [floor, ...others]: ReadonlyArray<E>,
  count: number,
  measure: (entrant: E) => Promise<A>,
  say: (progress: string) => void = () => {},
): Promise<ReadonlyArray<Rounds<A>>> => {
  if (floor === undefined) return []
  const all = [floor, ...others].map(({ name, title }): Rounds<A> => ({ name, title, pairs: [] }))
  const takeFloor = async (): Promise<A> => {
    const own = await measure(floor)
    all[0]?.pairs.push({ own, floor: own })
    return own
  }
  for (let round = 0; round < count; round++) {
    say(`round ${round + 1} of ${count}`)
    if (others.length === 0) await takeFloor()
    for (let turn = 0; turn < others.length; turn++) {
      const index = (turn + round) % others.length
      const entrant = others[index]
      if (entrant === undefined) continue
      const before = round % 2 === 0 ? await takeFloor() : undefined
      const own = await measure(entrant)
      all[index + 1]?.pairs.push({ own, floor: before ?? (await takeFloor()) })
    }
  }
  return all
}

/** The same rounds, of one of the things that were measured. */
export const roundsOf = <A, B>(all: ReadonlyArray<Rounds<A>>, pick: (value: A) => B): ReadonlyArray<Rounds<B>> =>
  all.map(({ name, pairs, title }) => ({
    name,
    title,
    pairs: pairs.map(({ floor, own }) => ({ own: pick(own), floor: pick(floor) })),
  }))
