import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { makePluginLog } from "../../../src/agent/launch/PluginLog.ts"
import { makeRecentOutput } from "../../../src/agent/launch/RecentOutput.ts"
import { Generation } from "../../../src/protocol/Identity.ts"

/** What the agent's own logger is told. */
const makeCaptured = () => {
  const records: Array<{ level: string; message: string; annotations: Readonly<Record<string, unknown>> }> = []
  const logger = Logger.make<unknown, void>(({ fiber, logLevel, message }) => {
    const annotations = fiber.getRef(References.CurrentLogAnnotations)
    records.push({ level: logLevel, message: String(message), annotations: { ...annotations } })
  })
  return { records, messages: () => records.map(({ message }) => message), layer: Logger.layer([logger]) }
}

/** Where what the agent says of the plugin comes from, and what the plugin says. */
const about = { plugin: "suite", generation: 2 }
const origin = { ...about, pid: 4242 }

const makeLog = (recent = makeRecentOutput(), linesPerSecond = 3) =>
  makePluginLog({ plugin: "suite", generation: Generation.make(2), pid: 4242, linesPerSecond, recent })

const record = (change: object = {}) => JSON.stringify({ _log: 1, level: "Warn", message: "slow", ...change })
const dropped = (lines: number) => `Dropped ${lines} lines of the plugin's log, which may have 3 a second`

describe("the log of a plugin", () => {
  it.effect("arrives in the agent's, with where it came from", () => {
    const { layer, records } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      yield* log.stderr("text")
      yield* log.stderr(record({ operationId: "op-1", annotations: { try: 2 } }))
      yield* log.stdoutJunk("loading...")
      assert.deepEqual(records, [
        { level: "Info", message: "text", annotations: origin },
        { level: "Warn", message: "slow", annotations: { ...origin, try: 2, operationId: "op-1" } },
        { level: "Warn", message: "loading...", annotations: { ...origin, source: "stdout" } },
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("cannot say that it is another plugin's", () => {
    const { layer, records } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      yield* log.stderr(record({ annotations: { plugin: "other", generation: 9, pid: 1 } }))
      assert.deepEqual(records[0]?.annotations, origin)
    }).pipe(Effect.provide(layer))
  })

  it.effect("is held back by the agent's own level", () => {
    const { layer, messages } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      yield* log.stderr(record({ level: "Debug", message: "detail" }))
      yield* log.stderr(record({ level: "Error", message: "broken" }))
      assert.deepEqual(messages(), ["broken"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is kept for the error of its launch: what it said, in lines, also what is dropped", () => {
    const { layer } = makeCaptured()
    const recent = makeRecentOutput()
    return Effect.gen(function* () {
      const log = yield* makeLog(recent)
      yield* log.stderr(record({ message: "TypeError: no\n    at create" }))
      for (const line of ["one", "two", "three", "last words"]) yield* log.stderr(line)
      assert.deepEqual(recent.lines(), ["TypeError: no", "    at create", "one", "two", "three", "last words"])
    }).pipe(Effect.provide(layer))
  })
})

describe("a flood", () => {
  it.effect("is dropped past what may come in a second, and told as soon as there is room again", () => {
    const { layer, messages, records } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      for (let line = 1; line <= 10_000; line++) yield* log.stderr(`line ${line}`)
      const passed = ["line 1", "line 2", "line 3"]
      assert.deepEqual(messages(), passed)
      yield* TestClock.adjust("333 millis")
      assert.deepEqual(messages(), passed)
      yield* TestClock.adjust("1 millis")
      assert.deepEqual(messages(), [...passed, dropped(9_997)])
      assert.deepEqual(records.at(-1), { level: "Warn", message: dropped(9_997), annotations: about })
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(records, 4)
    }).pipe(Effect.provide(layer))
  })

  it.effect("counts what stdout and stderr print together", () => {
    const { layer, messages } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      for (let line = 1; line <= 4; line++) yield* Effect.andThen(log.stdoutJunk("out"), log.stderr("err"))
      yield* TestClock.adjust("1 second")
      assert.deepEqual(messages(), ["out", "err", "out", dropped(5)])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that comes again is told again", () => {
    const { layer, messages } = makeCaptured()
    return Effect.gen(function* () {
      const log = yield* makeLog()
      for (const flood of ["a", "b"]) {
        for (let line = 1; line <= 5; line++) yield* log.stderr(flood)
        yield* TestClock.adjust("10 seconds")
      }
      assert.deepEqual(messages(), ["a", "a", "a", dropped(2), "b", "b", "b", dropped(2)])
    }).pipe(Effect.provide(layer))
  })

  it.effect("that the launch ends in is told at its end", () => {
    const { layer, messages } = makeCaptured()
    return Effect.gen(function* () {
      const scope = yield* Scope.make()
      const log = yield* Scope.provide(makeLog(), scope)
      for (let line = 1; line <= 5; line++) yield* log.stderr("x")
      yield* Scope.close(scope, Exit.void)
      assert.deepEqual(messages(), ["x", "x", "x", dropped(2)])
    }).pipe(Effect.provide(layer))
  })
})
