/** Whether a launch that is drained answers what it was asked, and exits without a signal. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { defaultLaunchSettings } from "../../../../agent/launch/LaunchSettings.ts"
import { ReadRequest, Operation } from "../../../../protocol/Operation.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { CurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"

export const drainDescriptions = {
  "process.drain": {
    section: sections.process,
    title: "answers what is in flight when it is drained, and exits without a signal",
    remedy: "Keep working on the calls in flight until stdin ends, and then exit.",
  },
} as const satisfies Descriptions<PluginCheckId>

const callsInFlight = 8
const toRead = Schema.decodeUnknownEffect(ReadRequest)

/** The last check of a launch: it is drained, and then `close` ends it. */
export const drainCheck = (
  record: Recorder,
  { cookie, limits }: PluginUnderTest,
  { read }: ProbeCalls,
  current: CurrentLaunch,
  close: Effect.Effect<void>,
): Effect.Effect<unknown> =>
  record.plugin(
    "process.drain",
    Effect.gen(function* () {
      const { admission, operator } = yield* Effect.mapError(current, () => skip("it does not start"))
      const calls = yield* Effect.forEach(
        Array.from({ length: callsInFlight }, (_, index) => read(`${cookie}-drain-${index}`)),
        (payload) =>
          Effect.orDie(toRead(payload)).pipe(
            Effect.flatMap((request) => operator.perform(Operation.cases.Read.make(request), () => Effect.void)),
            Effect.result,
            Effect.forkChild({ startImmediately: true }),
          ),
      )
      yield* Effect.timeoutOrElse(admission.drain, {
        duration: limits.answerMillis,
        orElse: () => Effect.fail(mismatch("the end of all calls in flight", `none within ${limits.answerMillis} ms`)),
      })
      for (const call of calls) {
        const end = yield* Fiber.join(call)
        if (end._tag === "Failure" && end.failure._tag === "ConnectionLost") {
          return yield* mismatch("an answer to each call in flight", end.failure.message)
        }
      }
      const from = yield* Clock.currentTimeMillis
      yield* close
      const millis = Math.round((yield* Clock.currentTimeMillis) - from)
      const { inputEndedMillis } = defaultLaunchSettings.stop
      return millis < inputEndedMillis
        ? { note: `after ${millis} ms` }
        : yield* mismatch(`its end within ${inputEndedMillis} ms`, `${millis} ms, by a signal`)
    }),
  )
