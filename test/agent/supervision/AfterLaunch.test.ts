import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { LaunchOutcome } from "../../../src/agent/launch/LaunchOutcome.ts"
import { PluginStartFailed } from "../../../src/agent/launch/PluginStartFailed.ts"
import type { StartFailure } from "../../../src/agent/launch/StartFailure.ts"
import {
  afterLaunch,
  type Decision,
  type LaunchResult,
  noHistory,
  type RestartHistory,
} from "../../../src/agent/supervision/AfterLaunch.ts"
import { makePolicyDecision } from "../../../src/agent/supervision/PolicyDecisions.ts"

const policy = { intensity: { restarts: 2, withinMillis: 60_000 }, healthyPeriod: Duration.seconds(60) }
const now = 100_000

/** With room for one more restart, or with none. */
const room = [50_000]
const noRoom = [50_000, 60_000]

const crashes: ReadonlyArray<LaunchOutcome> = [
  { _tag: "Stalled", silentMillis: 30_000, frames: [] },
  { _tag: "ProtocolFault", reason: "it closed its stdout" },
  { _tag: "OutOfMemory" },
  { _tag: "Signalled", signal: "SIGSEGV" },
  { _tag: "Exited", code: 0 },
  { _tag: "Exited", code: 3 },
]
const askedFor: ReadonlyArray<LaunchOutcome> = [
  { _tag: "Stopped" },
  { _tag: "LeaseEnded" },
  { _tag: "Recycled", residentMiB: 501 },
]

const ended = (outcome: LaunchOutcome, servedMillis: number): LaunchResult => ({ _tag: "Ended", outcome, servedMillis })

const restart: Decision = { _tag: "Restart", delayMillis: 200 }
const quarantine = (restarts: number): Decision => ({ _tag: "Quarantine", restarts })
const replace: Decision = { _tag: "Replace" }
const startFailed = (cause: StartFailure) =>
  new PluginStartFailed({ plugin: "suite", generation: 1, entry: "/plugins/suite/main.js", cause, output: [] })

type Row = readonly [
  servedMillis: number,
  restarts: ReadonlyArray<number>,
  delayMillis: number | undefined,
  decision: Decision,
  restartsThen: ReadonlyArray<number>,
]

describe("after a launch that crashed", () => {
  const rows: ReadonlyArray<Row> = [
    [59_999, room, 200, restart, [50_000, now]],
    [59_999, room, undefined, quarantine(1), [50_000, now]],
    [59_999, noRoom, 200, quarantine(2), [50_000, 60_000, now]],
    [59_999, noRoom, undefined, quarantine(2), [50_000, 60_000, now]],
    // It was healthy: what was before it does not count any more.
    [60_000, room, 200, restart, [now]],
    [60_000, room, undefined, quarantine(0), [now]],
    [60_000, noRoom, 200, restart, [now]],
    [60_000, noRoom, undefined, quarantine(0), [now]],
  ]
  for (const outcome of crashes) {
    for (const hasServed of [true, false]) {
      it.each(rows)(
        `as ${JSON.stringify(outcome)}${hasServed ? ", not the first" : ""}: served for %j, restarts %j, delay %j`,
        (servedMillis, restarts, delayMillis, decision, restartsThen) => {
          const end = ended(outcome, servedMillis)
          assert.deepEqual(afterLaunch({ restarts, hasServed }, end, now, { ...policy, delayMillis }), {
            decision,
            history: { restarts: restartsThen, hasServed: true },
          })
        },
      )
    }
  }
})

describe("after a launch that ended as it was asked to", () => {
  for (const outcome of askedFor) {
    for (const hasServed of [true, false]) {
      for (const delayMillis of [200, undefined]) {
        it.each([
          [59_999, room, room],
          [59_999, noRoom, noRoom],
          [60_000, room, []],
          [60_000, noRoom, []],
        ])(
          `as ${outcome._tag}${hasServed ? ", not the first" : ""}, delay ${delayMillis}: served for %j, restarts %j`,
          (servedMillis, restarts, restartsThen) => {
            const end = ended(outcome, servedMillis)
            assert.deepEqual(afterLaunch({ restarts, hasServed }, end, now, { ...policy, delayMillis }), {
              decision: replace,
              history: { restarts: restartsThen, hasServed: true },
            })
          },
        )
      }
    }
  }
})

describe("after a launch that was stopped because nobody used it", () => {
  it.each([
    [59_999, room, room],
    [59_999, noRoom, noRoom],
    [60_000, room, []],
    [60_000, noRoom, []],
  ])("served for %j, restarts %j", (servedMillis, restarts, restartsThen) => {
    for (const delayMillis of [200, undefined]) {
      const after = afterLaunch({ restarts, hasServed: false }, { _tag: "IdleStopped", servedMillis }, now, {
        ...policy,
        delayMillis,
      })
      assert.deepEqual(after, { decision: { _tag: "Rest" }, history: { restarts: restartsThen, hasServed: true } })
    }
  })
})

type StartRow = readonly [
  hasServed: boolean,
  restarts: ReadonlyArray<number>,
  delayMillis: number | undefined,
  decision: (error: PluginStartFailed) => Decision,
  restartsThen: ReadonlyArray<number>,
]

/** What is the same for all that do not start: too many are too many. */
const tooMany: ReadonlyArray<StartRow> = [true, false].flatMap((hasServed) => [
  [hasServed, room, undefined, () => quarantine(1), [50_000, now]],
  [hasServed, noRoom, 200, () => quarantine(2), [50_000, 60_000, now]],
  [hasServed, noRoom, undefined, () => quarantine(2), [50_000, 60_000, now]],
])

describe("after a launch that did not start", () => {
  const failsForSure: ReadonlyArray<StartFailure> = [
    { _tag: "NotSpawned", message: "spawn node ENOENT" },
    { _tag: "Exited", code: 0 },
    { _tag: "Exited", code: 7 },
    { _tag: "ProtocolFault", reason: "it closed its stdout" },
    { _tag: "TimedOut", millis: 10_000 },
    { _tag: "Refused", message: "upgrade the plugin" },
    { _tag: "Defect", message: "out of luck" },
  ]
  const crashesOnStart: ReadonlyArray<StartFailure> = [
    { _tag: "Signalled", signal: "SIGKILL" },
    { _tag: "Signalled", signal: "SIGSEGV" },
    { _tag: "OutOfMemory" },
  ]
  const kinds: ReadonlyArray<readonly [ReadonlyArray<StartFailure>, ReadonlyArray<StartRow>]> = [
    [
      failsForSure,
      [
        ...tooMany,
        [false, room, 200, (error) => ({ _tag: "GiveUp", error }), [50_000, now]],
        [true, room, 200, (error) => ({ ...restart, error }), [50_000, now]],
      ],
    ],
    [
      crashesOnStart,
      [...tooMany, [false, room, 200, () => restart, [50_000, now]], [true, room, 200, () => restart, [50_000, now]]],
    ],
  ]
  for (const [causes, rows] of kinds) {
    for (const cause of causes) {
      it.each(rows)(
        `as ${JSON.stringify(cause)}: an earlier one has served %j, restarts %j, delay %j`,
        (hasServed, restarts, delayMillis, decision, restartsThen) => {
          const error = startFailed(cause)
          assert.deepEqual(
            afterLaunch({ restarts, hasServed }, { _tag: "StartFailed", error }, now, { ...policy, delayMillis }),
            { decision: decision(error), history: { restarts: restartsThen, hasServed } },
          )
        },
      )
    }
  }
})

describe("the delays of a policy", () => {
  const crash = ended({ _tag: "Exited", code: 1 }, 0)

  /** The decisions after these ends, one second apart. */
  const decisions = Effect.fnUntraced(function* (
    delays: Schedule.Schedule<unknown>,
    ends: ReadonlyArray<LaunchResult>,
    start: RestartHistory = noHistory,
  ) {
    const decide = yield* makePolicyDecision({ ...policy, intensity: { restarts: 9, withinMillis: 1 }, delays })
    let history = start
    return yield* Effect.forEach(ends, (end, index) =>
      Effect.map(decide(history, end, index * 1_000), (after) => {
        history = after.history
        return after.decision._tag === "Restart" ? after.decision.delayMillis : after.decision._tag
      }),
    )
  })

  const twice = Schedule.upTo(Schedule.exponential("100 millis"), { times: 2 })

  it.effect("follow one another, and then the plugin is quarantined", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* decisions(twice, [crash, crash, crash]), [100, 200, "Quarantine"])
    }),
  )

  it.effect("are not used up by a launch that ended as it was asked to", () =>
    Effect.gen(function* () {
      const recycled = ended({ _tag: "Recycled", residentMiB: 501 }, 0)
      assert.deepEqual(yield* decisions(twice, [crash, recycled, recycled, crash]), [100, "Replace", "Replace", 200])
    }),
  )

  it.effect("begin again after a launch that was healthy, however that ended", () =>
    Effect.gen(function* () {
      const healthy = ended({ _tag: "Exited", code: 1 }, 60_000)
      const recycled = ended({ _tag: "Recycled", residentMiB: 501 }, 60_000)
      assert.deepEqual(yield* decisions(twice, [crash, crash, healthy]), [100, 200, 100])
      assert.deepEqual(yield* decisions(twice, [crash, crash, recycled, crash]), [100, 200, "Replace", 100])
    }),
  )

  it.effect("are those of any schedule, also of one that looks at the time", () =>
    Effect.gen(function* () {
      const untilTwoSeconds = Schedule.upTo(Schedule.spaced("7 millis"), { duration: "2 seconds" })
      assert.deepEqual(yield* decisions(untilTwoSeconds, [crash, crash, crash, crash]), [7, 7, 7, "Quarantine"])
    }),
  )
})
