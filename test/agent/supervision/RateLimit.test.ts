import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import { makeRateShares, RateShares } from "../../../src/agent/launch/RateShares.ts"
import { rateLimitFeature } from "../../../src/protocol/Features.ts"
import type { RateLimit } from "../../../src/protocol/RateLimit.ts"
import { defaultOperatorSettings } from "../../../src/protocol/Settings.ts"
import { ignoring } from "../../../src/testing/index.ts"
import { create } from "../../operator/operations.ts"
import { handshakeOf, handWritten, success } from "./handWritten.ts"
import { elapse, inTime, makeSupervised, untilIdle } from "./supervised.ts"

const settingsWith = (rateLimit: RateLimit | undefined) => ({
  ...defaultOperatorSettings,
  ...(rateLimit === undefined ? {} : { rateLimit }),
})

/** The rate limit that a call brings to the plugin. */
const rateLimitIn = ({ payload, tag }: RequestEncoded): unknown => {
  const settings = tag === "Handshake" && Predicate.hasProperty(payload, "settings") ? payload.settings : payload
  return Predicate.hasProperty(settings, "rateLimit") ? settings.rateLimit : undefined
}

/** A plugin with these features that answers everything at once, with the calls that it gets and when. */
const makeRecorded = Effect.fnUntraced(function* (features: ReadonlyArray<string>, rateLimit: RateLimit | undefined) {
  const clock = yield* Clock.Clock
  const calls: Array<{ readonly tag: string; readonly at: number; readonly rateLimit: unknown }> = []
  const program = handWritten((request, process) => {
    calls.push({ tag: request.tag, at: clock.currentTimeMillisUnsafe(), rateLimit: rateLimitIn(request) })
    switch (request.tag) {
      case "Handshake":
        return [handshakeOf(request, process, { features })]
      case "Configure":
        return [success(request, null)]
      default:
        return [success(request, { status: "Succeeded", attempts: 1, nativeId: "n", properties: {} })]
    }
  })
  const supervised = yield* makeSupervised({
    programOf: () => program,
    operatorOf: () => settingsWith(rateLimit),
  })
  return {
    ...supervised,
    calls,
    begin: Effect.forkChild(supervised.perform(create("Now", {})), { startImmediately: true }),
    timesOfCreates: () => calls.filter(({ tag }) => tag === "Create").map(({ at }) => at),
  }
})

const refusal = ({ id }: RequestEncoded) =>
  JSON.stringify({
    _tag: "Exit",
    requestId: id,
    exit: { _tag: "Failure", cause: [{ _tag: "Die", defect: "Not now" }] },
  })

const limit: RateLimit = { perSecond: 1, burst: 2 }

describe("a rate limit", () => {
  it.effect("is brought by Configure to a plugin that has the feature, before its first operation", () =>
    Effect.gen(function* () {
      const { calls, coordinator, perform } = yield* makeRecorded([rateLimitFeature], limit)
      yield* perform(create("Now", {}))
      yield* coordinator.configure(settingsWith({ perSecond: 5, burst: 5 }))
      yield* coordinator.configure(settingsWith(undefined))
      assert.deepEqual(
        calls.map(({ rateLimit, tag }) => [tag, rateLimit]),
        [
          ["Handshake", undefined],
          ["Configure", limit],
          ["Create", undefined],
          ["Configure", { perSecond: 5, burst: 5 }],
          ["Configure", undefined],
        ],
      )
    }),
  )

  it.effect.each<[string, (request: RequestEncoded, exit: () => void) => ReadonlyArray<string>, string]>([
    ["refuses it", (request) => [refusal(request)], "it did not take its rate limit"],
    ["does not answer", () => [], "it did not take its rate limit"],
    ["exits", (_, exit) => (exit(), []), "it exited with code 3"],
  ])("keeps a plugin from its first operation that %s", ([, answer, reason]) =>
    Effect.gen(function* () {
      const called: Array<string> = []
      const leaving = Deferred.makeUnsafe<void>()
      const exit = () => Deferred.doneUnsafe(leaving, Effect.void)
      const written = handWritten((request, process) => {
        called.push(request.tag)
        if (request.tag !== "Handshake") return answer(request, exit)
        return [handshakeOf(request, process, { features: [rateLimitFeature] })]
      })
      const { perform } = yield* makeSupervised({
        programOf: () => (process) => Effect.raceFirst(written(process), Effect.as(Deferred.await(leaving), 3)),
        operatorOf: () => settingsWith(limit),
      })
      const error = yield* Effect.flip(inTime(perform(create("Now", {}))))
      assert.strictEqual(error._tag, "PluginStartFailed")
      assert.include(error.message, reason)
      assert.deepEqual(called, ["Handshake", "Configure"])
    }),
  )

  it.effect("is not known to be kept by a plugin that is being stopped, until its process is gone", () =>
    Effect.gen(function* () {
      const { give, shares } = yield* makeRateShares
      yield* give("Suite", 1)
      let isSilent = false
      const program = handWritten((request, process) => {
        if (request.tag === "Handshake") return [handshakeOf(request, process, { features: [rateLimitFeature] })]
        return isSilent ? [] : [success(request, null)]
      })
      const { nextReady, operator, stop } = yield* makeSupervised({
        programOf: () => ignoring(["SIGTERM"], (process) => Effect.andThen(program(process), Effect.never)),
        operatorOf: () => settingsWith(limit),
      }).pipe(Effect.provideService(RateShares, shares))
      yield* operator()
      yield* nextReady
      assert.isTrue(yield* give("Suite", 1 / 2))
      isSilent = true
      const giving = yield* Effect.forkChild(give("Suite", 1 / 3), { startImmediately: true })
      yield* untilIdle
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* elapse("3 seconds")
      assert.isFalse(yield* Fiber.join(giving))
      assert.isFalse(yield* give("Suite", 1 / 3))
      yield* elapse("4 seconds")
      yield* Fiber.join(stopping)
      assert.isTrue(yield* give("Suite", 1 / 4))
    }),
  )

  it.effect("costs a plugin no call where there is none", () =>
    Effect.gen(function* () {
      const { calls, perform } = yield* makeRecorded([rateLimitFeature], undefined)
      yield* perform(create("Now", {}))
      assert.deepEqual(
        calls.map(({ tag }) => tag),
        ["Handshake", "Create"],
      )
    }),
  )

  it.effect("is not sent to a plugin without the feature: the agent lets each operation wait for its turn", () =>
    Effect.gen(function* () {
      const { begin, calls, coordinator, perform, timesOfCreates } = yield* makeRecorded([], limit)
      yield* perform(create("Now", {}))
      yield* begin
      yield* begin
      yield* begin
      yield* elapse("10 seconds")
      assert.deepEqual(timesOfCreates(), [0, 0, 1_000, 2_000])
      yield* coordinator.configure(settingsWith({ perSecond: 0.1, burst: 1 }))
      yield* begin
      yield* begin
      yield* elapse("5 seconds")
      assert.lengthOf(timesOfCreates(), 5)
      yield* coordinator.configure(settingsWith(undefined))
      yield* elapse("1 millis")
      assert.lengthOf(timesOfCreates(), 6)
      assert.deepEqual(
        calls.filter(({ rateLimit }) => rateLimit !== undefined),
        [],
      )
    }),
  )

  it.effect("is that of the plugin's requests where the plugin is written with the SDK", () =>
    Effect.gen(function* () {
      const { perform } = yield* makeSupervised({ operatorOf: () => settingsWith({ perSecond: 1, burst: 1 }) })
      const ended: Array<number> = []
      const one = Effect.andThen(
        perform(create("Now", {})),
        Effect.map(Clock.currentTimeMillis, (at) => ended.push(at)),
      )
      yield* one
      yield* Effect.forkChild(Effect.andThen(one, one), { startImmediately: true })
      yield* elapse("1 second")
      yield* elapse("1 second")
      assert.deepEqual(ended, [0, 1_000, 2_000])
    }),
  )
})
