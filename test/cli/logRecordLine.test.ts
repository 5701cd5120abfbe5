import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { makePluginLog } from "../../src/agent/launch/PluginLog.ts"
import { makeRecentOutput } from "../../src/agent/launch/RecentOutput.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { logRecordLine } from "../../src/cli/logRecordLine.ts"
import { Generation } from "../../src/protocol/Identity.ts"

/** The lines that the command writes for what is logged. */
const linesOf = Effect.fnUntraced(function* <E, R>(logged: Effect.Effect<unknown, E, R>) {
  const lines: Array<string> = []
  const logger = Logger.make<unknown, void>((event) => void lines.push(...linesToWrite([logRecordLine(event)])))
  yield* Effect.provide(logged, Logger.layer([logger]))
  return lines
})

const origin = { plugin: "net", generation: Generation.make(2), pid: 4242, linesPerSecond: 1 }
const from = "plugin net (generation 2, pid 4242)"

describe("a record of the command's log", () => {
  it.effect("says when, how important, who and what", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6, 7))
      assert.deepEqual(yield* linesOf(Effect.logWarning("no format", { at: { a: { b: { c: [1, 2] } } } })), [
        "2026-02-03T04:05:06.007Z WARN formae: no format { at: { a: { b: [Object] } } }",
      ])
    }),
  )

  it.effect("says what the agent knows of a plugin in the name of formae", () =>
    Effect.gen(function* () {
      const about = Effect.annotateLogs(Effect.logError("The plugin crashed"), { plugin: "net", generation: 2 })
      assert.deepEqual(yield* linesOf(about), [
        "1970-01-01T00:00:00.000Z ERROR formae: The plugin crashed { plugin: 'net', generation: 2 }",
      ])
    }),
  )

  it.effect("says which process of a plugin said it, and what formae dropped of that", () =>
    Effect.gen(function* () {
      const lines = yield* linesOf(
        Effect.scoped(
          Effect.gen(function* () {
            const log = yield* makePluginLog({ ...origin, recent: makeRecentOutput() })
            const annotations = { plugin: "formae", pid: 1, try: 2 }
            yield* log.stderr(
              JSON.stringify({ _log: 1, level: "Warn", message: "slow\n", operationId: "op", annotations }),
            )
            yield* log.stderr("too much")
          }),
        ),
      )
      assert.deepEqual(lines, [
        `1970-01-01T00:00:00.000Z WARN ${from}: slow { try: 2, operationId: 'op' }`,
        "1970-01-01T00:00:00.000Z WARN formae: Dropped 1 lines of the plugin's log, which may have 1 a second { plugin: 'net', generation: 2 }",
      ])
    }),
  )

  it.effect("stays one line, whatever it says", () =>
    Effect.gen(function* () {
      const lines = yield* linesOf(
        Effect.gen(function* () {
          yield* Effect.logWarning("a\r\n1970-01-01T00:00:00.000Z ERROR formae: forged\u001b[2J\n")
          yield* Effect.logError("it broke", Cause.die(new TypeError("no\nsuch thing")))
          yield* Effect.annotateLogs(Effect.logError(new RangeError("too far")), { stack: new Error("x"), y: "a\nb" })
          yield* Effect.logWarning({ long: Array.from({ length: 200 }, (_, index) => `item ${index}`) })
        }),
      )
      assert.lengthOf(lines, 4)
      assert.strictEqual(
        lines[0],
        String.raw`1970-01-01T00:00:00.000Z WARN formae: a\r\n1970-01-01T00:00:00.000Z ERROR formae: forged\u001b[2J`,
      )
      assert.match(lines[1] ?? "", /ERROR formae: it broke TypeError: no\\nsuch thing\\n +at /)
      assert.match(lines[2] ?? "", /ERROR formae: RangeError: too far\\n +at /)
      assert.match(lines[3] ?? "", /WARN formae: \{ long: \[ 'item 0', /)
    }),
  )
})
