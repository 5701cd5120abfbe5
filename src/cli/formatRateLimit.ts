/** A rate limit in lines of words. */
import type { Rate, RateLimit } from "../protocol/index.ts"
import type { Line } from "./Line.ts"

export const formatRateLimit = (limit: RateLimit | undefined): ReadonlyArray<Line> =>
  limit === undefined
    ? ["Requests to the provider: no rate limit."]
    : [
        `Requests to the provider: ${inWords(limit)}, at each place.`,
        ...(limit.targets ?? []).map((target) => {
          const where = Object.entries(target.where).map(([name, value]) => `${name} is ${textOf(value)}`)
          return `Where ${where.length === 0 ? "the target is any" : where.join(" and ")}: ${inWords(target)}.`
        }),
      ]

const inWords = ({ burst, perSecond }: Rate): string =>
  `at most ${perSecond} per second, and ${burst} at once after a rest`

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))
