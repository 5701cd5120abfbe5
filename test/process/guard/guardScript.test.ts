import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { guardScript } from "../../../src/agent/launch/guardScript.ts"
import { descendantsOf, isGone, untilGone } from "../processState.ts"
import { needs } from "../../needs.ts"
import { isThere, prepared, type Shell, shells } from "./shells.ts"
import { sleeper } from "./sleepers.ts"

const startGuard = Effect.fnUntraced(function* (shell: Shell) {
  const { command, path } = yield* prepared(shell)
  const guard = yield* Effect.acquireRelease(
    Effect.sync(() =>
      spawn(command, ["-c", guardScript], { argv0: "sh", env: { PATH: path }, stdio: ["pipe", "pipe", "ignore"] }),
    ),
    (shell) => Effect.sync(() => shell.kill("SIGKILL")),
  )
  return {
    pid: guard.pid!,
    tell: (...lines: ReadonlyArray<string>) =>
      Effect.sync(() => guard.stdin!.write(lines.map((l) => `${l}\n`).join(""))),
    /** Completes when everything that was told has been read. */
    beat: Effect.promise(() => {
      const answered = once(guard.stdout!, "data")
      guard.stdin!.write("beat\n")
      return answered
    }),
    stopReading: Effect.promise(() => {
      const closed = once(guard.stdout!, "close")
      guard.stdout!.destroy()
      return closed
    }),
    end: Effect.sync(() => guard.stdin!.end()),
  }
})

for (const [index, shell] of shells.entries()) {
  // The guards run at the same time, and each finds the launches of the others.
  const launch = (name: string) => `shell-${index}-${name}`
  describe.concurrent(
    `the script of the guard under ${shell.name}, when its stdin ends`,
    needs(shell.program, isThere(shell)),
    () => {
      it.live("kills the launches and the groups that it guards, and nothing else", () =>
        Effect.gen(function* () {
          const guard = yield* startGuard(shell)
          const inGroup = yield* sleeper({})
          const ofLaunch = yield* sleeper({ FIRST: "1", FORMAE_LAUNCH: launch("one-1"), LAST: "1" })
          const alsoOfLaunch = yield* sleeper({ FORMAE_LAUNCH: launch("one-1") })
          const spared = yield* Effect.all([
            sleeper({}),
            sleeper({ FORMAE_LAUNCH: launch("one-11") }),
            sleeper({ FORMAE_LAUNCH: `another-${launch("one-1")}` }),
            sleeper({ QUOTED: `FORMAE_LAUNCH=${launch("one-1")}` }),
            sleeper({ MY_FORMAE_LAUNCH: launch("one-1") }),
            sleeper({ LINES: `two\nFORMAE_LAUNCH=${launch("one-1")}\nlines` }),
            sleeper({ FORMAE_LAUNCH: launch("ended-2") }),
          ])
          const released = yield* sleeper({})
          yield* guard.tell(
            `add ${launch("one-1")}`,
            `add ${inGroup}`,
            `add ${launch("ended-2")}`,
            `add ${released}`,
            `del ${launch("ended-2")}`,
            `del ${released}`,
          )
          yield* guard.end
          yield* Effect.forEach([guard.pid, inGroup, ofLaunch, alsoOfLaunch], untilGone)
          assert.deepEqual(
            [...spared, released].map(isGone),
            [...spared, released].map(() => false),
          )
        }),
      )

      it.live("kills them even if nobody reads its answer to a beat", () =>
        Effect.gen(function* () {
          const guard = yield* startGuard(shell)
          const guarded = yield* sleeper({ FORMAE_LAUNCH: launch("unread-3") })
          yield* guard.tell(`add ${launch("unread-3")}`)
          yield* guard.beat
          yield* guard.stopReading
          yield* guard.tell("beat", "beat")
          yield* guard.end
          yield* untilGone(guarded)
        }),
      )

      it.live("kills a launch by itself when its time has come, unless that was taken back, and leaves nothing", () =>
        Effect.gen(function* () {
          const guard = yield* startGuard(shell)
          const ofLaunch = yield* sleeper({ FORMAE_LAUNCH: launch("late-5") })
          const inGroup = yield* sleeper({})
          const renewed = yield* sleeper({ FORMAE_LAUNCH: launch("renewed-6") })
          yield* guard.tell(
            `arm 1 0.2 1 ${launch("renewed-6")} ${renewed}`,
            `arm 2 1000 1000 ${launch("renewed-6")} ${renewed}`,
            "free 1",
            `arm 3 0.2 1 ${launch("late-5")} ${inGroup}`,
          )
          yield* Effect.forEach([ofLaunch, inGroup], untilGone)
          assert.isFalse(isGone(renewed))
          yield* guard.tell("free 3")
          yield* guard.beat
          const waiting = descendantsOf(guard.pid)
          assert.isNotEmpty(waiting)
          yield* guard.end
          yield* Effect.forEach([guard.pid, ...waiting], untilGone)
          assert.isFalse(isGone(renewed))
        }),
      )

      it.live("leaves at once if it guards nothing", () =>
        Effect.gen(function* () {
          const guard = yield* startGuard(shell)
          yield* guard.tell(`add ${launch("idle-4")}`, "add 12", "del 12", `del ${launch("idle-4")}`, "del never-added")
          yield* guard.end
          yield* untilGone(guard.pid)
        }),
      )
    },
  )
}
