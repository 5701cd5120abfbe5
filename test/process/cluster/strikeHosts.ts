/** Carries out a course of strikes at the hosts of a cluster. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Begun } from "../formaeCommand.ts"
import { descendantsOf } from "../processState.ts"
import type { Course, Strike } from "./Course.ts"
import { type Host, type HostName, hostNames, type Hosts } from "./Hosts.ts"

/** At least one host of three is left alone. */
const struckAtOnce = 2

export const makeStriker = Effect.fnUntraced(function* ({ hosts }: Hosts) {
  const scope = yield* Effect.scope
  const runners = new Map<HostName, Begun>()
  const turns = new Map(hostNames.map((name) => [name, Semaphore.makeUnsafe(1)]))
  const all = Semaphore.makeUnsafe(struckAtOnce)

  const join = (host: Host) =>
    Effect.tap(Scope.provide(host.join(), scope), (begun) => Effect.sync(() => runners.set(host.name, begun)))

  const runnerOf = (name: HostName): Begun => {
    const begun = runners.get(name)
    assert.isDefined(begun)
    return begun
  }

  const signalAll = (pids: ReadonlyArray<number>, name: NodeJS.Signals) =>
    Effect.forEach(pids, (pid) => Effect.ignore(Effect.try(() => process.kill(pid, name))), { discard: true })

  /** Stops the runner of a host as by Ctrl-C, and starts another one there. */
  const restart = Effect.fnUntraced(function* (host: Host, absentMillis = 0) {
    const begun = runnerOf(host.name)
    yield* begun.signal("SIGTERM")
    const { code, stderr } = yield* begun.ended
    assert.strictEqual(code, 0, stderr)
    yield* Effect.sleep(absentMillis)
    yield* join(host)
    return stderr
  })

  const carryOut = ({ host: name, kind, lasts }: Strike): Effect.Effect<unknown> =>
    Effect.gen(function* () {
      const host = hosts[name]
      const begun = runnerOf(name)
      switch (kind) {
        case "kill":
          yield* begun.signal("SIGKILL")
          yield* begun.ended
          yield* Effect.sleep(lasts)
          return yield* join(host)
        case "pause":
          yield* begun.signal("SIGSTOP")
          return yield* Effect.ensuring(Effect.sleep(lasts), begun.signal("SIGCONT"))
        case "freeze": {
          yield* begun.signal("SIGSTOP")
          const plugins = descendantsOf(begun.pid)
          yield* signalAll(plugins, "SIGSTOP")
          // Also where another strike has failed: what stands still ends with nothing.
          const goOn = Effect.andThen(signalAll(plugins, "SIGCONT"), begun.signal("SIGCONT"))
          return yield* Effect.ensuring(Effect.sleep(lasts), goOn)
        }
        case "cut":
          yield* host.proxy.cut
          yield* Effect.sleep(lasts)
          return yield* host.proxy.restore
        case "stop":
          return yield* restart(host, lasts)
      }
    })

  return {
    join,
    restart,
    runnerOf,
    /** Ends once the last host is back. */
    follow: (course: Course) =>
      Effect.forEach(
        course,
        (strike) => {
          const turn = turns.get(strike.host)!
          return turn.withPermit(all.withPermit(carryOut(strike))).pipe(Effect.delay(strike.at))
        },
        { concurrency: "unbounded", discard: true },
      ),
    /** No runner ends by itself. */
    checkAlive: Effect.forEach(
      hostNames,
      (name) => {
        const begun = runnerOf(name)
        const hasEnded = Effect.map(begun.ended, ({ stderr }) =>
          assert.fail(`the runner of host ${name} has ended by itself: ${stderr}`),
        )
        return Effect.raceFirst(hasEnded, Effect.sleep("1 millis"))
      },
      { discard: true },
    ),
  }
})

export type Striker = Effect.Success<ReturnType<typeof makeStriker>>
