/** Whether a supply is the one that was trusted. Pure. */
import type { Remembered, Standing, Sums } from "./Remembered.ts"

type Found = Pick<Remembered, "kind" | "path">

const isSame = (one: Found, other: Found): boolean => one.kind === other.kind && one.path === other.path

/** The names whose sums differ, or that only one side has, in order. */
export const changedNames = (before: Sums, now: Sums): ReadonlyArray<string> =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter(
      (name) =>
        (Object.hasOwn(before, name) ? before[name] : undefined) !== (Object.hasOwn(now, name) ? now[name] : undefined),
    )
    .toSorted()

export const standingOf = (remembered: ReadonlyArray<Remembered>, found: Remembered): Standing => {
  const before = remembered.find((one) => isSame(one, found))
  if (before === undefined) return { _tag: "New" }
  const changed = changedNames(before.sums, found.sums)
  return changed.length === 0 ? { _tag: "Trusted" } : { _tag: "Changed", changed }
}

/** What is remembered once `trusted` was trusted too. */
export const withTrusted = (
  remembered: ReadonlyArray<Remembered>,
  trusted: ReadonlyArray<Remembered>,
): ReadonlyArray<Remembered> => [
  ...remembered.filter((one) => !trusted.some((other) => isSame(one, other))),
  ...trusted,
]
