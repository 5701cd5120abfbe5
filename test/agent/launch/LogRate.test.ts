import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { admit, initialLogRate, type LogRate, roomAt, takeDropped } from "../../../src/agent/launch/LogRate.ts"

/** What comes of lines at these times: `+` admitted, `-` dropped, and before a line how many are told of. */
const fate = (linesPerSecond: number, times: ReadonlyArray<number>): string => {
  let state = initialLogRate(0, { linesPerSecond })
  return times
    .map((now) => {
      const admission = admit(state, now, { linesPerSecond })
      state = admission.state
      return `${admission.droppedBefore === 0 ? "" : admission.droppedBefore}${admission.admitted ? "+" : "-"}`
    })
    .join("")
}

const times = (count: number, at: number): ReadonlyArray<number> => Array.from({ length: count }, () => at)

describe("the rate of a log", () => {
  it.each<[string, number, ReadonlyArray<number>, string]>([
    ["takes as many at once as may come in a second", 3, times(3, 0), "+++"],
    ["drops the one after", 3, times(5, 0), "+++--"],
    ["takes one that comes when there is room again, and tells what was dropped", 3, [...times(5, 0), 334], "+++--2+"],
    ["tells it once", 3, [...times(4, 0), 334, 700], "+++-1++"],
    ["drops what comes a moment too early", 3, [...times(4, 0), 333, 334], "+++--2+"],
    ["never runs out where lines come as slowly as they may", 2, [0, 0, 500, 1000, 1500, 2000], "++++++"],
    ["holds no more than a second's lines, however long it was idle", 2, times(4, 1_000_000), "++--"],
    [
      "opens for a passage, not for each line",
      20,
      [...times(21, 0), 50, 99, 100, 100, 100],
      `${"+".repeat(20)}---3+++`.slice(0, -1) + "-",
    ],
    ["has no use for a clock that was set back", 1, [1_000, 0, 0, 1_000], "+--2+"],
  ])("%s", (_, linesPerSecond, lines, expected) => {
    assert.strictEqual(fate(linesPerSecond, lines), expected)
  })

  const rate = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))
  const gap = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 300 }))
  const gaps = Schema.Array(gap)

  it.prop("loses no line without telling of it", [rate, gaps], ([linesPerSecond, waits]) => {
    let state: LogRate = initialLogRate(0, { linesPerSecond })
    let now = 0
    let told = 0
    let admitted = 0
    for (const wait of waits) {
      now += wait
      const admission = admit(state, now, { linesPerSecond })
      state = admission.state
      told += admission.droppedBefore
      if (admission.admitted) admitted += 1
      assert.isTrue(admission.admitted || admission.droppedBefore === 0)
    }
    assert.strictEqual(admitted + told + state.dropped, waits.length)
  })

  it.prop("admits no more than a second's lines, and what its time allows", [rate, gaps], ([linesPerSecond, waits]) => {
    let state: LogRate = initialLogRate(0, { linesPerSecond })
    let now = 0
    let admitted = 0
    for (const wait of waits) {
      now += wait
      const admission = admit(state, now, { linesPerSecond })
      state = admission.state
      if (admission.admitted) admitted += 1
      assert.isAtMost(admitted, linesPerSecond + (now * linesPerSecond) / 1_000)
    }
  })

  it.prop("has room when it says so, and not a millisecond earlier", [rate, gaps], ([linesPerSecond, waits]) => {
    const settings = { linesPerSecond }
    let state: LogRate = initialLogRate(0, settings)
    let now = 0
    for (const wait of [...waits, ...times(linesPerSecond + 1, 0)]) {
      now += wait
      state = admit(state, now, settings).state
    }
    const at = roomAt(state, settings)
    assert.isAbove(state.dropped, 0)
    assert.strictEqual(takeDropped(state, at - 1, settings).dropped, 0)
    assert.strictEqual(takeDropped(state, at, settings).dropped, state.dropped)
    assert.strictEqual(takeDropped(takeDropped(state, at, settings).state, at, settings).dropped, 0)
    assert.isTrue(admit(state, at, settings).admitted)
  })
})
