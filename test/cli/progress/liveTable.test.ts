import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import type { PluginRestart } from "../../../src/cli/AgentPlugins.ts"
import { linesToWrite, type LiveLines } from "../../../src/cli/Outputs.ts"
import { makeLiveTable } from "../../../src/cli/progress/liveTable.ts"
import { accepted, changeOf, failedTry, finished, planned, retry, started, usual } from "./work.ts"

/** A terminal that keeps what was drawn. */
const makeTerminal = (height = 24) => {
  const drawn: Array<ReadonlyArray<string>> = []
  const live: LiveLines = {
    width: () => 80,
    height: () => height,
    draw: (...lines) => void drawn.push(linesToWrite(lines)),
    clear: () => void drawn.push([]),
  }
  return { live, drawn, screen: () => drawn.at(-1) ?? [] }
}

const makeTable = (live: LiveLines, restarts: ReadonlyArray<PluginRestart> = []) =>
  makeLiveTable(live, { retry, restarts: Effect.succeed(restarts) })

const changes = [changeOf("network"), changeOf("web", "create", ["network"]), changeOf("logs")]

describe("the live table of a command", () => {
  it.effect("has a line for each resource, whose times go on", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal()
      const { observe } = yield* makeTable(live)
      yield* observe(planned(changes))
      yield* observe(started("network"))
      yield* TestClock.adjust("100 millis")
      assert.deepEqual(screen(), [
        "LABEL    OPERATION  TIME  NOW",
        "network  create     0 s   started",
        "web      create           waits for network",
        "logs     create           waits for its turn",
        "0 of 3 done, 0 s",
      ])
      yield* observe(accepted("network", "vpc-1"))
      yield* TestClock.adjust("64900 millis")
      assert.deepEqual(screen().slice(1, 2), ["network  create     1 min 5 s  in progress (vpc-1)"])
      yield* observe(finished("network"))
      yield* observe(started("web"))
      yield* TestClock.adjust("100 millis")
      assert.deepEqual(screen(), [
        "LABEL  OPERATION  TIME  NOW",
        "web    create     0 s   started",
        "logs   create           waits for its turn",
        "1 of 3 done, 1 min 5 s",
      ])
    }),
  )

  it.effect("counts down to the next attempt, and says why the last one failed", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal()
      const { observe } = yield* makeTable(live)
      yield* observe(planned(changes))
      yield* observe(started("network"))
      yield* observe(failedTry("network", 4))
      yield* TestClock.adjust("100 millis")
      assert.include(screen()[1], "attempt 5 of 10 in 4 s, after Throttling: Rate exceed…")
      yield* TestClock.adjust("2 seconds")
      assert.include(screen()[1], "attempt 5 of 10 in 2 s, after ")
      yield* TestClock.adjust("2 seconds")
      assert.include(screen()[1], "attempt 5 of 10 now, after ")
    }),
  )

  it.effect("says that a plugin starts again", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal()
      const restarting = { namespace: "shop", at: 3_000 }
      const { observe } = yield* makeTable(live, [restarting])
      yield* observe(planned(changes))
      yield* observe(started("network"))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(screen()[1], "network  create     1 s   waits for its plugin, which starts again in 2 s")
    }),
  )

  it.effect("estimates what is left by what such changes took before", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal()
      const { observe } = yield* makeTable(live)
      yield* observe(planned(changes, [usual("Create", 20_000)]))
      yield* observe(started("network"))
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(screen().at(-1), "0 of 3 done, 10 s, about 30 s left")
      yield* observe(finished("logs", "Throttling"))
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual(screen().at(-1), "1 of 3 done, 1 failed, 41 s")
    }),
  )

  it.effect("fits a terminal of any height, and shows what is under way first", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal(6)
      const { observe } = yield* makeTable(live)
      const many = Array.from({ length: 1_000 }, (_, index) => changeOf(`n${index}`))
      yield* observe(planned(many))
      yield* observe(started("n998"))
      yield* TestClock.adjust("100 millis")
      assert.deepEqual(screen(), [
        "LABEL  OPERATION  TIME  NOW",
        "n998   create     0 s   started",
        "n0     create           waits for its turn",
        "n1     create           waits for its turn",
        "0 of 1000 done, 0 s",
      ])
      for (const { label } of many.slice(0, 5)) yield* observe(started(label))
      yield* TestClock.adjust("100 millis")
      assert.deepEqual([screen().length, screen().at(-1)], [5, "0 of 1000 done, 3 more under way, 0 s"])
    }),
  )

  it.effect("is drawn once for all events of a moment, and not while something else is asked", () =>
    Effect.gen(function* () {
      const { drawn, live, screen } = makeTerminal()
      const { observe, without } = yield* makeTable(live)
      yield* observe(planned(changes))
      for (const { label } of changes) yield* observe(started(label))
      yield* TestClock.adjust("900 millis")
      assert.lengthOf(drawn, 1)
      yield* without(TestClock.adjust("5 seconds"))
      assert.deepEqual(screen(), [])
      yield* TestClock.adjust("100 millis")
      assert.include(screen().at(-1), "0 of 3 done, 6 s")
    }),
  )

  it.effect("is cleared at the end", () =>
    Effect.gen(function* () {
      const { live, screen } = makeTerminal()
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { observe } = yield* makeTable(live)
          yield* observe(planned(changes))
          yield* TestClock.adjust("100 millis")
          assert.isNotEmpty(screen())
        }),
      )
      assert.deepEqual(screen(), [])
    }),
  )
})
