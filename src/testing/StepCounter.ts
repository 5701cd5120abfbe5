/** The steps that an agent and its plugins have reached. */
import { makeCounter } from "./makeCounter.ts"

/** A step that is reached again and again, such as a poll, is listed this many times. */
const maxListed = 2

/** Counts steps while it watches, and finds the one with this name and count, or with this number. */
export const makeStepCounter = (at: string | number | undefined) => {
  const count = makeCounter()
  const reached: Array<string> = []
  let watching = false
  let total = 0
  let struck = false
  return {
    watch: (whether: boolean) => {
      watching = whether
    },
    /** Counts a step, and says whether it is the one. */
    isNow: (name: string): boolean => {
      if (!watching || struck) return false
      const time = count(name)
      const step = `${name}#${time}`
      total += 1
      if (time <= maxListed) reached.push(step)
      struck = at === step || at === total
      return struck
    },
    hasStruck: () => struck,
    reached: () => reached,
  }
}
