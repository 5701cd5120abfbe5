/** What somebody probably meant who has written a name that does not exist. */

/** Names that are longer than this are not mistakes in typing. */
const maxLength = 100

/** How many letters must be added, left out, changed or swapped with the next one. */
const distance = (one: string, other: string): number => {
  const letters = [...one]
  const wanted = [...other]
  let before: ReadonlyArray<number> = []
  let row: ReadonlyArray<number> = Array.from({ length: wanted.length + 1 }, (_, index) => index)
  for (const [index, letter] of letters.entries()) {
    const next = [index + 1]
    for (const [at, other] of wanted.entries()) {
      const replaced = (row[at] ?? 0) + (other === letter ? 0 : 1)
      const isSwapped = index > 0 && at > 0 && letter === wanted[at - 1] && letters[index - 1] === other
      const swapped = isSwapped ? (before[at - 1] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row.at(-1) ?? 0
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, "")

/** The known name that is most like `name`, or undefined if none is much like it. */
export const nearestName = (name: string, known: Iterable<string>): string | undefined => {
  if (name.length > maxLength) return undefined
  let nearest: { readonly name: string; readonly away: number } | undefined
  for (const one of known) {
    if (one.length > maxLength) continue
    const away = distance(plain(name), plain(one))
    const [shorter, longer] = [Math.min(name.length, one.length), Math.max(name.length, one.length)]
    // Of two names that have nothing in common, one is not meant by the other.
    const isLike = away < longer && away <= Math.max(1, Math.floor(shorter / 3))
    if (isLike && (nearest === undefined || away < nearest.away)) nearest = { name: one, away }
  }
  return nearest?.name
}

/** How many names a message lists. */
const maxListed = 10

/** The end of a sentence: what there is. */
export const listNames = (what: string, known: ReadonlyArray<string>): string => {
  if (known.length === 0) return `there are no ${what}`
  const more = known.length > maxListed ? `, and ${known.length - maxListed} more` : ""
  return `the ${what} are: ${known.slice(0, maxListed).join(", ")}${more}`
}

/** The end of a sentence about a name that does not exist: what was probably meant, or what there is. */
export const knownNames = (name: string, what: string, known: ReadonlyArray<string>): string => {
  const nearest = nearestName(name, known)
  return nearest === undefined ? listNames(what, known) : `did you mean ${nearest}?`
}
