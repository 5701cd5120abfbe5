/** How many requests a plugin may make to its provider. The agent sends it to plugins that announce the feature `rateLimit`. */
import * as Schema from "effect/Schema"
import { canonicalJson } from "./canonicalJson.ts"
import { JsonObject } from "./JsonObject.ts"
import type { TargetConfig } from "./Resource.ts"

/** The slowest rate: one request in 1,000 seconds. */
export const leastPerSecond = 0.001

/** Requests in a second. */
const perSecond = Schema.Finite.check(Schema.isBetween({ minimum: leastPerSecond, maximum: 1_000_000 }))

/** Requests that may be made at once after a rest. */
const burst = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000 }))

/** How many requests may be made at one place: in any time of t seconds at most `burst + perSecond * t`. */
export class Rate extends Schema.Opaque<Rate>()(
  Schema.Struct({
    /** How many requests a second, in the long run. */
    perSecond,
    /** How many requests at once, after a rest. */
    burst,
  }),
) {}

/** The rate of some targets of a namespace. */
export class TargetRate extends Schema.Opaque<TargetRate>()(
  Schema.Struct({
    /** The targets whose config has these values, such as `{ "region": "eu-west-1" }`. */
    where: JsonObject,
    /** How many requests a second, in the long run. */
    perSecond,
    /** How many requests at once, after a rest. */
    burst,
  }),
) {}

/** The rate for each place of a namespace, and that of places which have another one. */
export class RateLimit extends Schema.Opaque<RateLimit>()(
  Schema.Struct({
    /** How many requests a second, in the long run. */
    perSecond,
    /** How many requests at once, after a rest. */
    burst,
    /** Targets with a rate of their own: `{ where: { region: eu-west-1 }, perSecond: 5, burst: 5 }`. The first entry whose `where` fits the config of a target counts. */
    targets: Schema.optionalKey(Schema.Array(TargetRate)),
  }),
) {}

/** The rate at a target: that of the first entry which fits its config, or else that of the namespace. */
export const rateAt = (limit: RateLimit, targetConfig: TargetConfig): Rate =>
  limit.targets?.find(({ where }) => fits(where, targetConfig)) ?? limit

const fits = (where: TargetConfig, targetConfig: TargetConfig): boolean =>
  Object.entries(where).every(
    ([name, value]) =>
      Object.hasOwn(targetConfig, name) && canonicalJson(targetConfig[name] ?? null) === canonicalJson(value),
  )
