/** A plugin of one type that answers as its script says, and notes when each call was made. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Answer, deleted, inProgress, type ProviderError, succeeded } from "../../src/plugin/Answer.ts"
import { makeLocalOperator } from "../../src/plugin/LocalOperator.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"
import type { Idempotency } from "../../src/protocol/Resource.ts"
import type { OperatorSettings, PollSettings } from "../../src/protocol/Settings.ts"

type Call = Effect.Effect<Answer, ProviderError>

export interface Script {
  readonly create?: Call
  /** Answered in turn; the last one again and again. */
  readonly status?: ReadonlyArray<Call>
  readonly list?: Effect.Effect<never, ProviderError>
  readonly poll?: PollSettings
  readonly idempotency?: Idempotency
}

export const done: Call = Effect.succeed(succeeded({ nativeId: "n-1", properties: {} }))
export const accepted: Call = Effect.succeed(inProgress({ requestId: "r-1" }))

export const makeScripted = Effect.fnUntraced(function* (script: Script, settings?: OperatorSettings) {
  const calls: Array<{ readonly call: string; readonly at: number }> = []
  let asked = 0
  const noted = <A, E>(call: string, effect: Effect.Effect<A, E>) =>
    Clock.currentTimeMillis.pipe(
      Effect.tap((at) => Effect.sync(() => void calls.push({ call, at }))),
      Effect.andThen(effect),
    )
  const { create = done, idempotency = "name", list, poll, status = [done] } = script
  const plugin = definePlugin({
    name: "scripted",
    namespace: "Suite",
    version: "1.0.0",
    types: [
      defineResource({
        type: "Suite::Now::Thing",
        idempotency,
        poll,
        target: Schema.Struct({ region: Schema.String }),
        properties: Schema.Struct({}),
        create: () => noted("create", create),
        read: () => Effect.succeed({}),
        delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
        status: () => noted("status", status[Math.min(asked++, status.length - 1)]!),
        ...(list === undefined ? {} : { list: () => noted("list", list) }),
      }),
    ],
  })
  const operator = yield* makeLocalOperator(plugin)
  if (settings !== undefined) yield* operator.configure(settings)
  return {
    plugin,
    operator,
    calls,
    timesOf: (call: string) => calls.filter((one) => one.call === call).map(({ at }) => at),
  }
})
