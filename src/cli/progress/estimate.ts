/** How long the changes of a plan will take together, by what such changes took before. */
import type { ChangeEvent, PlannedChange } from "../../agent/index.ts"
import { makeWaits } from "./waits.ts"

type Usual = Extract<ChangeEvent, { _tag: "Planned" }>["usual"]

/** So many changes are made at once. */
const atOnce = 32

const kinds = {
  create: ["Create"],
  update: ["Update"],
  delete: ["Delete"],
  replace: ["Delete", "Create"],
  noop: [],
  adopt: [],
  forget: [],
} as const satisfies Readonly<Record<PlannedChange["operation"], ReadonlyArray<Usual[number]["kind"]>>>

/** How long each change takes, by label. Undefined where one of them was never made before. */
const timesOf = (changes: ReadonlyArray<PlannedChange>, usual: Usual): ReadonlyMap<string, number> | undefined => {
  const means = new Map(usual.map(({ kind, meanMillis, type }) => [`${kind} ${type}`, meanMillis]))
  const times = new Map<string, number>()
  for (const { label, operation, type } of changes) {
    let sum = 0
    for (const kind of kinds[operation]) {
      const mean = means.get(`${kind} ${type}`)
      if (mean === undefined) return undefined
      sum += mean
    }
    times.set(label, sum)
  }
  return times
}

/**
 * In milliseconds. Changes that wait for each other take their times one after
 * another, and of the others only so many are made at once. Undefined where the
 * state has no such operation.
 */
export const estimateMillis = (changes: ReadonlyArray<PlannedChange>, usual: Usual): number | undefined => {
  const times = timesOf(changes, usual)
  if (times === undefined) return undefined
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  const waitsFor = makeWaits(changes)
  const ends = new Map<string, number>()
  const begun = new Set<string>()
  // Not by recursion: a chain may have more changes than there is stack.
  const stack = [...byLabel.keys()]
  for (let label = stack.at(-1); label !== undefined; label = stack.at(-1)) {
    const change = byLabel.get(label)
    const needed = change === undefined ? [] : waitsFor(change)
    const isFirst = !begun.has(label)
    begun.add(label)
    const missing = isFirst ? needed.filter((one) => byLabel.has(one) && !begun.has(one)) : []
    if (missing.length > 0) {
      for (const one of missing) stack.push(one)
      continue
    }
    stack.pop()
    const from = needed.reduce((latest, one) => Math.max(latest, ends.get(one) ?? 0), 0)
    if (!ends.has(label)) ends.set(label, from + (times.get(label) ?? 0))
  }
  let last = 0
  let sum = 0
  for (const end of ends.values()) last = Math.max(last, end)
  for (const time of times.values()) sum += time
  return Math.max(last, sum / atOnce)
}
