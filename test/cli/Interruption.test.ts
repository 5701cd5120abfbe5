import { assert, it } from "@effect/vitest"
import type { CommandProgress } from "../../src/cli/CommandProgress.ts"
import { makeInterruption, onSignal } from "../../src/cli/Interruption.ts"

const underWay: CommandProgress = {
  underWay: () => [
    { label: "site", operation: "create", forma: "shop" },
    { label: "logs", operation: "delete", forma: "shop" },
  ],
  formae: () => ["shop"],
  unfinished: () => ["shop"],
}

const working = () => Object.assign(makeInterruption(), { progress: underWay })
const waiting = "No new work will start; waiting for site, logs to reach a safe point."

it.each([
  ["SIGINT", `${waiting} Press Ctrl-C again to stop immediately.`],
  ["SIGTERM", `${waiting} Press Ctrl-C again to stop immediately.`],
  ["SIGBREAK", `${waiting} Press Ctrl-Break again to stop immediately.`],
  ["SIGHUP", waiting],
] as const)("the first %s waits for what is under way, and the second stops at once", (signal, message) => {
  const interruption = working()
  assert.deepEqual(onSignal(interruption, signal), { stopNow: false, message })
  assert.deepEqual(onSignal(interruption, signal), { stopNow: true, message: undefined })
})

it("a process that stays is asked to stop by the first signal, and stops at once at the second; a hangup is its own affair", () => {
  let hangups = 0
  const interruption = Object.assign(makeInterruption(), {
    staying: { hasStopped: false, onHangup: () => void (hangups += 1) },
  })
  assert.deepEqual(onSignal(interruption, "SIGHUP"), { stopNow: false, message: undefined })
  assert.deepEqual([hangups, interruption.isRequested()], [1, false])
  assert.deepEqual(onSignal(interruption, "SIGTERM"), { stopNow: false, message: undefined })
  assert.isTrue(interruption.isRequested())
  assert.deepEqual(onSignal(interruption, "SIGINT"), { stopNow: true, message: undefined })
})

it("a signal stops at once where nothing is under way", () => {
  assert.deepEqual(onSignal(makeInterruption(), "SIGBREAK"), { stopNow: true, message: undefined })
})
