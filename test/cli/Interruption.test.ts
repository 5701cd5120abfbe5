import { assert, it } from "@effect/vitest"
import type { CommandProgress } from "../../src/cli/CommandProgress.ts"
import { detachAnswerOf, detachedLineOf, type Detaching } from "../../src/cli/Detaching.ts"
import { cancel, makeInterruption, onSignal } from "../../src/cli/Interruption.ts"

const underWay: CommandProgress = {
  underWay: () => [
    { label: "site", operation: "create", forma: "shop" },
    { label: "logs", operation: "delete", forma: "shop" },
  ],
  commandIds: () => ["c-1"],
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

const nothing = { stopNow: false, message: undefined }
const atOnce = { stopNow: true, message: undefined }

/** A command on an agent in another process, and how often it was asked what to do. */
const elsewhere = (canAsk: boolean, progress: CommandProgress | undefined = underWay) => {
  const asked: Array<string> = []
  const detaching: Detaching = {
    ask: canAsk ? () => void asked.push("asked") : undefined,
    isAsking: false,
    isDetached: false,
  }
  return { asked, detaching, interruption: Object.assign(makeInterruption(), { progress, detaching }) }
}

it("at a terminal Ctrl-C asks what the agent shall do, and the second one leaves the work to it", () => {
  const { asked, detaching, interruption } = elsewhere(true)
  assert.deepEqual(onSignal(interruption, "SIGINT"), nothing)
  assert.deepEqual([asked, detaching.isDetached], [["asked"], false])
  assert.deepEqual(onSignal(interruption, "SIGINT"), atOnce)
  assert.deepEqual([asked, detaching.isDetached], [["asked"], true])
})

it("where the answer is to cancel, it waits for what is under way as it does without an agent", () => {
  const { detaching, interruption } = elsewhere(true)
  onSignal(interruption, "SIGINT")
  detaching.isAsking = false
  assert.strictEqual(cancel(interruption, "SIGINT").message, `${waiting} Press Ctrl-C again to stop immediately.`)
  assert.deepEqual(onSignal(interruption, "SIGINT"), atOnce)
  assert.isFalse(detaching.isDetached)
})

it.each(["SIGTERM", "SIGHUP"] as const)(
  "%s leaves the work to the agent, whether somebody could answer or not",
  (signal) => {
    for (const canAsk of [true, false]) {
      const { asked, detaching, interruption } = elsewhere(canAsk)
      assert.deepEqual(onSignal(interruption, signal), atOnce)
      assert.deepEqual([asked, detaching.isDetached], [[], true])
    }
  },
)

it("where nobody can be asked, Ctrl-C cancels as it does without an agent", () => {
  const { detaching, interruption } = elsewhere(false)
  assert.strictEqual(onSignal(interruption, "SIGINT").message, `${waiting} Press Ctrl-C again to stop immediately.`)
  assert.isFalse(detaching.isDetached)
})

it("a command that nobody would find again is not left to the agent", () => {
  const { asked, detaching, interruption } = elsewhere(true, { ...underWay, commandIds: () => [], underWay: () => [] })
  assert.deepEqual(onSignal(interruption, "SIGTERM"), atOnce)
  assert.deepEqual([asked, detaching.isDetached], [[], false])
})

it("the answer to the question is one of three, and none at all leaves the work to the agent", () => {
  assert.deepEqual(["d", " Detach ", undefined].map(detachAnswerOf), ["detach", "detach", "detach"])
  assert.deepEqual(["c", "CANCEL"].map(detachAnswerOf), ["cancel", "cancel"])
  assert.deepEqual(["", "y", "destroy"].map(detachAnswerOf), ["continue", "continue", "continue"])
})

it("the last line of what was left to the agent says how to look at it and how to end it", () => {
  assert.strictEqual(
    detachedLineOf(underWay),
    'The work on shop goes on in the agent. "formae commands" lists it, "formae events --follow --command c-1" shows it, and "formae cancel c-1" ends it.',
  )
})
