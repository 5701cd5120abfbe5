/** Counts what happens, by its name: 1 for the first time, and so on. */
export const makeCounter = (): ((name: string) => number) => {
  const counts = new Map<string, number>()
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count
  }
}
