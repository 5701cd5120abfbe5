/** Whether a plugin that limits its requests makes no more of them than it may. Needs a sample with a log of the provider. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { rateLimitFeature } from "../../../../protocol/Features.ts"
import type { OperatorSettings } from "../../../../protocol/Settings.ts"
import { describeAnswer } from "../../peer/Answer.ts"
import { greet } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { failCreate, failingPayload, type FailingProvider, failingSettings } from "./FailingProvider.ts"

export const rateLimitDescriptions = {
  "type.rateLimit": {
    section: sections.duties,
    title: "makes no more requests than the rate limit lets it",
    remedy:
      "With the feature `rateLimit`, take one token for each request from a bucket for each place, which gets `perSecond` tokens a second and holds `burst`; or do not announce the feature.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** Hardly any delay but that of the limit. */
const limitedSettings = {
  ...failingSettings,
  retry: { maxRetries: 3, baseMillis: 1, capMillis: 1 },
  rateLimit: { perSecond: 5, burst: 1 },
} satisfies OperatorSettings

export const rateLimitCheck = (record: Recorder, plugin: PluginUnderTest, provider: FailingProvider) =>
  record.type(provider.subject.type, "type.rateLimit", Effect.scoped(keepsToLimit(plugin, provider)))

/** Of what is due, because clocks are not exact. */
const least = 0.75

const keepsToLimit = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  provider: FailingProvider,
): Effect.fn.Return<{ readonly note: string }, Finding, Scope.Scope> {
  const payload = yield* failingPayload(provider, "recoverable")
  if ((yield* provider.calls) === undefined) return yield* skip("its sample has no log of the calls of the provider")
  const { answer, peer } = yield* greet(plugin, { settings: failingSettings })
  if (answer.features?.includes(rateLimitFeature) !== true) return yield* skip("it does not have the feature")
  const configured = yield* peer.ask("Configure", limitedSettings)
  // Other checks report a plugin that cannot be configured, or whose creates do not fail as they should.
  if (configured._tag !== "Value") return yield* skip(describeAnswer(configured))
  const { calls = [] } = yield* Effect.mapError(failCreate(provider, peer, payload), ({ seen }) => skip(seen))
  const times = calls.map(({ at }) => at)
  if (times.length < 2) return yield* skip("there were no retries")
  const due = ((times.length - limitedSettings.rateLimit.burst) * 1_000) / limitedSettings.rateLimit.perSecond
  // A busy machine makes every wait longer, and none shorter.
  const taken = (times.at(-1) ?? 0) - (times[0] ?? 0)
  return taken < due * least
    ? yield* mismatch(`${times.length} requests in ${due} ms or more`, `${taken} ms`)
    : { note: `${times.length} requests in ${taken} ms` }
})
