/**
 * One guard for all plugins of an agent: a POSIX shell that reads what it guards
 * from a pipe, and kills what is left of it when the pipe ends. An agent that is
 * killed cannot clean up, and a plugin with a blocked event loop does not notice
 * that its stdin has ended. The guard covers both.
 *
 * It is in a session of its own, so that what ends the agent does not end it. A
 * guard that ends or stops is replaced, and the next one is told everything.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import type * as PlatformError from "effect/PlatformError"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { posixShell } from "../../platform/systemFiles.ts"
import type { LaunchId } from "../../protocol/Identity.ts"
import { after, makeNow } from "../../transport/LeaseTime.ts"
import { armLine, freeLine } from "./GuardDeadlines.ts"
import { confirm, firstBeat, type GuardEnd, type Guarded, runGuardShell } from "./GuardShell.ts"

/** What to know where there is no shell, as sentences without a full stop. */
export const withoutShell = `There is no ${posixShell} here, so nothing guards the plugins: if formae is killed (SIGKILL), a plugin whose event loop is blocked lives on. Install a POSIX shell, or run formae as process 1 of its container, which takes all others with it`

/** Between two starts, if the first of them did nothing at all. */
const retryDelay = "1 second"

/** Kills the processes of plugins that outlive their agent, within a second of its death. Never fails. */
export class GuardProcess extends Context.Service<
  GuardProcess,
  {
    /**
     * Guards the processes of a launch until it is released: those that have its
     * id in their environment, and once its process is there, the group that `pid` leads.
     */
    readonly guard: (launch: LaunchId, pid?: number) => Effect.Effect<void>
    /** Stops guarding a launch of which nothing is left. The number of its group may soon belong to another. */
    readonly release: (launch: LaunchId, pid?: number) => Effect.Effect<void>
    /**
     * Completes once the guard has read all that `guard` has told it, so that it
     * kills that even if this process dies at once. At once where nothing can be
     * guarded.
     */
    readonly confirmed: Effect.Effect<void>
    /**
     * Kills what is left of a launch after so many milliseconds, also while this
     * process is stopped, until it is disarmed or the launch is released. It is not
     * later than that if it was `confirmed` within half a second. Gives its number,
     * or undefined where nothing guards.
     */
    readonly arm: (launch: LaunchId, pid: number, millis: number) => Effect.Effect<number | undefined>
    /** Takes back a time at which a launch was to be killed. */
    readonly disarm: (number: number) => Effect.Effect<void>
  }
>()("formae/agent/launch/GuardProcess") {
  /** Guards nothing: for plugins that are not processes, and for systems that need no guard or have no POSIX shell. */
  static readonly layerNone = Layer.succeed(
    GuardProcess,
    GuardProcess.of({
      guard: () => Effect.void,
      release: () => Effect.void,
      confirmed: Effect.void,
      arm: () => Effect.undefined,
      disarm: () => Effect.void,
    }),
  )

  /**
   * The shell, but nothing on Windows, where any user may make a `/bin/sh` and no guard is needed: Node puts each process
   * that it starts into a job of the system, which ends it with the agent. What a plugin has started is in no job of the agent.
   */
  static readonly layer: Layer.Layer<GuardProcess, never, ChildProcessSpawner> = Layer.unwrap(
    Effect.map(Platform, (platform) => (isWindows(platform) ? GuardProcess.layerNone : GuardProcess.layerShell)),
  )

  /** The shell, which runs while there are plugins to guard, and a second longer. Without a shell, plugins are not guarded. */
  static readonly layerShell: Layer.Layer<GuardProcess, never, ChildProcessSpawner> = Layer.effect(
    GuardProcess,
    Effect.gen(function* () {
      const needed = yield* Latch.make(false)
      const unneeded = yield* Latch.make(true)
      const guarded: Guarded = {
        words: new Set(),
        deadlines: new Map(),
        now: yield* makeNow,
        tell: () => undefined,
        beat: () => firstBeat,
        unconfirmed: [],
        isMissing: false,
        needed: needed.await,
        unneeded: unneeded.await,
      }
      yield* Effect.forkScoped(Effect.andThen(needed.await, keepGuard(guarded)))
      let lastNumber = 0
      const disarm = (number: number) => {
        if (guarded.deadlines.delete(number)) guarded.tell(freeLine(number))
      }
      const wordsOf = (launch: LaunchId, pid: number | undefined) =>
        pid === undefined ? [launch] : [launch, String(pid)]
      return GuardProcess.of({
        guard: (launch, pid) =>
          Effect.suspend(() => {
            for (const word of wordsOf(launch, pid)) {
              if (guarded.words.has(word)) continue
              guarded.words.add(word)
              guarded.tell(`add ${word}`)
            }
            return Effect.asVoid(Effect.andThen(unneeded.close, needed.open))
          }),
        release: (launch, pid) =>
          Effect.suspend(() => {
            for (const { launch: one, number } of guarded.deadlines.values()) if (one === launch) disarm(number)
            for (const word of wordsOf(launch, pid)) {
              if (guarded.words.delete(word)) guarded.tell(`del ${word}`)
            }
            return guarded.words.size === 0 ? Effect.asVoid(Effect.andThen(needed.close, unneeded.open)) : Effect.void
          }),
        confirmed: Effect.suspend(() => {
          if (guarded.isMissing) return Effect.void
          const read = Deferred.makeUnsafe<void>()
          guarded.unconfirmed = [...guarded.unconfirmed, { beat: guarded.beat(), read }]
          return Deferred.await(read)
        }),
        arm: (launch, pid, millis) =>
          Effect.sync(() => {
            if (guarded.isMissing) return undefined
            const deadline = { number: (lastNumber += 1), launch, pid, end: after(guarded.now(), millis) }
            guarded.deadlines.set(deadline.number, deadline)
            guarded.tell(armLine(deadline, guarded.now()))
            return deadline.number
          }),
        disarm: (number) => Effect.sync(() => disarm(number)),
      })
    }),
  )
}

/** Runs one guard after another, as long as there is something to guard. Ends only where there is no shell. */
const keepGuard = Effect.fnUntraced(function* (guarded: Guarded) {
  let previous: GuardEnd | undefined
  while (true) {
    const ended = yield* runGuardShell(guarded, previous).pipe(Effect.scoped, Effect.catch(notStarted))
    if (ended !== "NoShell" && ended?.how === "unneeded") {
      previous = undefined
      yield* guarded.needed
      continue
    }
    guarded.isMissing = ended === "NoShell"
    // Nobody waits for a guard that cannot be had.
    if (ended === "NoShell" || ended?.hasAnswered !== true) confirm(guarded)
    if (ended === "NoShell") return
    // One that could not be started has not replaced the one before.
    previous = ended ?? previous
    if (ended?.hasAnswered !== true) yield* Effect.sleep(retryDelay)
  }
})

const notStarted = (error: PlatformError.PlatformError): Effect.Effect<"NoShell" | undefined> =>
  error.reason._tag === "NotFound"
    ? // Not a warning: it is true at each start, and nobody who deploys can do anything about it then.
      Effect.as(process.pid === 1 ? Effect.void : Effect.logInfo(withoutShell), "NoShell" as const)
    : Effect.as(Effect.logWarning("The guard of the plugins could not be started", error.message), undefined)
