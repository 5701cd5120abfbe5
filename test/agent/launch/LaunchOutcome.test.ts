import { assert, describe, it } from "@effect/vitest"
import {
  classify,
  describeOutcome,
  isCrash,
  type LaunchFacts,
  type LaunchOutcome,
} from "../../../src/agent/launch/LaunchOutcome.ts"

const facts: LaunchFacts = { asked: false, code: 0, signal: null, output: [] }
const heap = [
  "<--- Last few GCs --->",
  "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
]

describe("the end of a launch", () => {
  it.each<[string, Partial<LaunchFacts>, LaunchOutcome, string, boolean]>([
    ["asked, code 0", { asked: true }, { _tag: "Stopped" }, "was stopped", false],
    ["asked, code 130", { asked: true, code: 130 }, { _tag: "Stopped" }, "was stopped", false],
    ["asked, signalled", { asked: true, code: null, signal: "SIGKILL" }, { _tag: "Stopped" }, "was stopped", false],
    [
      "killed by the guard, because the lease of the agent was over",
      { code: null, signal: "SIGKILL", leaseEnded: true },
      { _tag: "LeaseEnded" },
      "was ended, because the lease of the agent was over",
      false,
    ],
    [
      "killed, while the lease went on",
      { code: null, signal: "SIGKILL", leaseEnded: false },
      { _tag: "Signalled", signal: "SIGKILL" },
      "was ended by SIGKILL",
      true,
    ],
    [
      "a code, when the lease was over",
      { code: 3, leaseEnded: true },
      { _tag: "Exited", code: 3 },
      "exited with code 3",
      true,
    ],
    ["code 0 in mid-call", {}, { _tag: "Exited", code: 0 }, "left without being asked", true],
    ["a code", { code: 3 }, { _tag: "Exited", code: 3 }, "exited with code 3", true],
    ["130, when nobody asked", { code: 130 }, { _tag: "Exited", code: 130 }, "exited with code 130", true],
    [
      "a signal",
      { code: null, signal: "SIGSEGV" },
      { _tag: "Signalled", signal: "SIGSEGV" },
      "was ended by SIGSEGV",
      true,
    ],
    [
      "SIGABRT without a word of the heap",
      { code: null, signal: "SIGABRT", output: ["assertion failed"] },
      { _tag: "Signalled", signal: "SIGABRT" },
      "was ended by SIGABRT",
      true,
    ],
    [
      "SIGABRT, and V8's words",
      { code: null, signal: "SIGABRT", output: heap },
      { _tag: "OutOfMemory" },
      "ran out of memory",
      true,
    ],
    [
      "SIGTRAP, and V8's words",
      { code: null, signal: "SIGTRAP", output: heap },
      { _tag: "OutOfMemory" },
      "ran out of memory",
      true,
    ],
    ["134 of a shell, and V8's words", { code: 134, output: heap }, { _tag: "OutOfMemory" }, "ran out of memory", true],
    [
      "V8's words in a log of one that left",
      { code: 1, output: heap },
      { _tag: "Exited", code: 1 },
      "exited with code 1",
      true,
    ],
    [
      "killed, because it stalled",
      {
        code: null,
        signal: "SIGKILL",
        verdict: { _tag: "Stalled", silentMillis: 30_000, frames: ["spin (a.js:1:1)", "b"] },
      },
      { _tag: "Stalled", silentMillis: 30_000, frames: ["spin (a.js:1:1)", "b"] },
      "did not answer for 30000 ms and was killed; it hung in spin (a.js:1:1)",
      true,
    ],
    [
      "killed, because it stalled where nobody could see it",
      { code: null, signal: "SIGKILL", verdict: { _tag: "Stalled", silentMillis: 30_000, frames: [] } },
      { _tag: "Stalled", silentMillis: 30_000, frames: [] },
      "did not answer for 30000 ms and was killed",
      true,
    ],
    [
      "killed, because it broke the protocol",
      { code: null, signal: "SIGKILL", verdict: { _tag: "ProtocolFault", reason: "its stdout closed" } },
      { _tag: "ProtocolFault", reason: "its stdout closed" },
      "broke the protocol: its stdout closed",
      true,
    ],
    [
      "ended, because it was above its cap of memory",
      { asked: true, verdict: { _tag: "Recycled", residentMiB: 900 } },
      { _tag: "Recycled", residentMiB: 900 },
      "was recycled, with 900 MiB in use",
      false,
    ],
  ])("%s", (_, change, outcome, words, crash) => {
    const found = classify({ ...facts, ...change })
    assert.deepEqual(found, outcome)
    assert.strictEqual(describeOutcome(found), words)
    assert.strictEqual(isCrash(found), crash)
  })
})
