/** A plugin with one type that answers by a script, and records when each call was made. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { deleted, inProgress, type ProviderAnswer, ProviderError, succeeded } from "../../src/plugin/Answer.ts"
import { makeLocalOperator } from "../../src/plugin/LocalOperator.ts"
import type { OperatorSchedules } from "../../src/plugin/OperatorSchedules.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"
import type { ErrorCode } from "../../src/protocol/ErrorCode.ts"
import type { Idempotency } from "../../src/protocol/Resource.ts"
import { defaultOperatorSettings, type OperatorSettings, type PollSettings } from "../../src/protocol/Settings.ts"
import { create } from "../operator/operations.ts"

type Call = Effect.Effect<ProviderAnswer, ProviderError>

export interface Script {
  readonly create?: Call
  /** Answered one after the other; the last one is repeated. */
  readonly status?: ReadonlyArray<Call>
  readonly list?: Effect.Effect<never, ProviderError>
  readonly limitsRequests?: true
  readonly poll?: PollSettings
  readonly idempotency?: Idempotency
}

export const done: Call = Effect.succeed(succeeded({ nativeId: "n-1", properties: {} }))
export const accepted: Call = Effect.succeed(inProgress({ requestId: "r-1" }))

export const makeScripted = Effect.fnUntraced(function* (
  script: Script,
  settings?: OperatorSettings,
  schedules?: Partial<OperatorSchedules>,
) {
  const calls: Array<{ readonly call: string; readonly at: number }> = []
  let asked = 0
  const recorded = <A, E>(call: string, effect: Effect.Effect<A, E>) =>
    Clock.currentTimeMillis.pipe(
      Effect.tap((at) => Effect.sync(() => void calls.push({ call, at }))),
      Effect.andThen(effect),
    )
  const { create: createCall = done, idempotency = "name", limitsRequests, list, poll, status = [done] } = script
  const plugin = definePlugin({
    name: "scripted",
    namespace: "Suite",
    version: "1.0.0",
    limitsRequests,
    types: [
      defineResource({
        type: "Suite::Now::Thing",
        idempotency,
        poll,
        target: Schema.Struct({ region: Schema.String }),
        properties: Schema.Struct({}),
        create: () => recorded("create", createCall),
        read: () => Effect.succeed({}),
        delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
        status: () => recorded("status", status[Math.min(asked++, status.length - 1)]!),
        ...(list === undefined ? {} : { list: () => recorded("list", list) }),
      }),
    ],
  })
  const operator = yield* makeLocalOperator(plugin, { ...schedules })
  if (settings !== undefined) yield* operator.configure(settings)
  return {
    plugin,
    operator,
    calls,
    timesOf: (call: string) => calls.filter((one) => one.call === call).map(({ at }) => at),
  }
})

/** A create of the scripted type. */
export const creating = create("Now", {})
export const refuse = (code: ErrorCode, message = "no") => Effect.fail(ProviderError.of(code, message))
/** The default settings with another number of retries. */
export const withRetries = (maxRetries: number) => ({
  ...defaultOperatorSettings,
  retry: { ...defaultOperatorSettings.retry, maxRetries },
})
