import { assert, describe, it } from "@effect/vitest"
import { cpuMillisIn, cpuMillisOf } from "../../../scripts/bench/measure/CpuTime.ts"

describe("CpuTime", () => {
  it("reads the first number of a thread as nanoseconds", () => {
    assert.strictEqual(cpuMillisIn("1500000 99 7\n"), 1.5)
  })

  it("is not a number for a process that is not there", () => {
    assert.isNaN(cpuMillisOf(2 ** 30))
  })

  it("counts what this process has taken", () => {
    const { system, user } = process.cpuUsage()
    const taken = cpuMillisOf(process.pid)
    assert.isAbove(taken, 0)
    // A thread that has ended is in the one and not in the other.
    assert.isBelow(taken, 2 * (system + user))
  })
})
