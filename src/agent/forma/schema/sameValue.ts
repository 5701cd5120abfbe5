/** Whether values are the same as JSON, within the work that is left. */
import { isList, isObject } from "./json.ts"
import type { Place } from "./Place.ts"
import type { Work } from "./Work.ts"

/** `undefined` if there is not enough work left to say. */
export const isSameJson = (a: unknown, b: unknown, at: Place, work: Work): boolean | undefined =>
  work.spend(1, at) ? work.deeper(at, undefined, () => compare(a, b, at, work)) : undefined

const compare = (a: unknown, b: unknown, at: Place, work: Work): boolean | undefined => {
  if (isList(a) && isList(b)) {
    return a.length === b.length && everyKnown(a.keys(), (index) => isSameJson(a[index], b[index], at, work))
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      everyKnown(keys, (key) => Object.hasOwn(b, key) && isSameJson(a[key], b[key], at, work))
    )
  }
  return a === b
}

const everyKnown = <A>(all: Iterable<A>, holds: (one: A) => boolean | undefined): boolean | undefined => {
  for (const one of all) {
    const holdsForOne = holds(one)
    if (holdsForOne !== true) return holdsForOne
  }
  return true
}

/** A text that is the same for values that are the same. `undefined` if there is not enough work left. */
export const canonicalText = (value: unknown, at: Place, work: Work): string | undefined => {
  if (!work.spend(1 + (typeof value === "string" ? value.length / 16 : 0), at)) return undefined
  return work.deeper(at, undefined, () => {
    if (!isList(value) && !isObject(value)) return JSON.stringify(value) ?? String(value)
    const parts: Array<string> = []
    for (const key of isList(value) ? value.keys() : Object.keys(value).toSorted()) {
      const part = canonicalText(isList(value) ? value[Number(key)] : value[key], at, work)
      if (part === undefined) return undefined
      parts.push(isList(value) ? part : `${JSON.stringify(key)}:${part}`)
    }
    return isList(value) ? `[${parts.join()}]` : `{${parts.join()}}`
  })
}
