/** One process of the guard: its start, what it is told, and how its end is noticed. */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { posixShell, programFolders } from "../../platform/systemFiles.ts"
import type { Moment } from "../../transport/LeaseTime.ts"
import { armLine, type GuardDeadline } from "./GuardDeadlines.ts"
import { guardScript } from "./guardScript.ts"

/** How often the guard is asked whether it is there, while it guards anything. */
const beatMillis = 1_000

/**
 * A guard that leaves this many beats in a row without an answer has stopped.
 * They are ticks of the agent's own timer, so that a suspended machine does not
 * count against the guard.
 */
const maxSilentBeats = 3

/** The number of the beat that a guard answers once it has read what it was told at its start. */
export const firstBeat = 1

/** What an answer ends with. */
const newline = 0x0a

/** Somebody who waits until the guard has read what it was told. */
export interface Unconfirmed {
  /** The number of the beat whose answer says so, of those of the guard that runs. */
  beat: number
  readonly read: Deferred.Deferred<void>
}

/** What the guard guards. */
export interface Guarded {
  /** Launches and process groups, as the script has them. */
  readonly words: Set<string>
  /** When it kills by itself, by their numbers. */
  readonly deadlines: Map<number, GuardDeadline>
  readonly now: () => Moment
  /** Tells the guard that runs a change. */
  tell: (line: string) => void
  /** Asks the guard that runs for an answer. Gives the number of this beat. Where none runs yet it is the first of the next one. */
  beat: () => number
  unconfirmed: ReadonlyArray<Unconfirmed>
  /** There is no shell, and so no guard. */
  isMissing: boolean
  /** Completes when there is something to guard. */
  readonly needed: Effect.Effect<void>
  /** Completes when there is nothing to guard. */
  readonly unneeded: Effect.Effect<void>
}

/** How a guard ended: although it should not, or because there was nothing to guard any more. */
export interface GuardEnd {
  readonly pid: number
  readonly how: "ended" | "stopped" | "unneeded"
  readonly hasAnswered: boolean
}

/** How long a guard stays that guards nothing: a plugin that is restarted needs it again at once. */
const restMillis = 1_000

/**
 * Runs a guard until it ends or stops, or has guarded nothing for a while. One
 * that has stopped is killed. The next is told what was guarded.
 */
export const runGuardShell = Effect.fnUntraced(function* (
  guarded: Guarded,
  previous: GuardEnd | undefined,
): Effect.fn.Return<GuardEnd, PlatformError.PlatformError, ChildProcessSpawner | Scope.Scope> {
  const lines = yield* Queue.unbounded<string, Cause.Done>()
  // In one step with the change of hands, so that no change is lost, or told twice.
  for (const word of guarded.words) Queue.offerUnsafe(lines, `add ${word}`)
  for (const deadline of guarded.deadlines.values()) Queue.offerUnsafe(lines, armLine(deadline, guarded.now()))
  guarded.tell = (line) => void Queue.offerUnsafe(lines, line)
  for (const one of guarded.unconfirmed) one.beat = firstBeat
  let beats = 0
  guarded.beat = () => {
    guarded.tell("beat")
    beats += 1
    return beats
  }
  const encoder = new TextEncoder()
  const shell = yield* ChildProcess.make(posixShell, ["-c", guardScript], {
    stdin: Stream.fromQueue(lines).pipe(Stream.map((line) => encoder.encode(`${line}\n`))),
    stderr: "ignore",
    extendEnv: false,
    env: { PATH: programFolders },
    // It leaves when its pipe ends and nothing is left. A shell that is stopped hears no other signal.
    killSignal: "SIGKILL",
  })
  yield* Effect.addFinalizer(() =>
    Effect.andThen(Queue.end(lines), Effect.timeoutOption(Effect.exit(shell.exitCode), "1 second")),
  )

  let silentBeats = 0
  let answers = 0
  let hasAnswered = false
  yield* shell.stdout.pipe(
    Stream.runForEach((output) =>
      Effect.suspend(() => {
        silentBeats = 0
        answers += output.filter((byte) => byte === newline).length
        confirm(guarded, answers)
        if (hasAnswered) return Effect.void
        hasAnswered = true
        return previous === undefined ? Effect.void : Effect.logWarning(describeReplacement(previous, shell.pid))
      }),
    ),
    Effect.ignore,
    Effect.forkScoped,
  )
  const untilSilent = Effect.gen(function* () {
    while (silentBeats < maxSilentBeats) {
      yield* guarded.needed
      silentBeats += 1
      guarded.beat()
      yield* Effect.sleep(beatMillis)
    }
  })
  const untilUnneeded = Effect.gen(function* () {
    do {
      yield* guarded.unneeded
      yield* Effect.sleep(restMillis)
    } while (guarded.words.size > 0)
    // In one step with the look: what comes now is for the next one.
    guarded.tell = () => undefined
    guarded.beat = () => firstBeat
  })
  const how = yield* Effect.raceFirst(
    Effect.as(Effect.exit(shell.exitCode), "ended" as const),
    Effect.raceFirst(Effect.as(untilSilent, "stopped" as const), Effect.as(untilUnneeded, "unneeded" as const)),
  )
  if (how === "stopped") yield* Effect.ignore(shell.kill({ killSignal: "SIGKILL" }))
  return { pid: shell.pid, how, hasAnswered }
})

/** Those go on whose beat is among the first `answers`. By default all do. */
export const confirm = (guarded: Pick<Guarded, "unconfirmed">, answers = Number.POSITIVE_INFINITY): void => {
  for (const { beat, read } of guarded.unconfirmed) if (beat <= answers) Deferred.doneUnsafe(read, Effect.void)
  guarded.unconfirmed = guarded.unconfirmed.filter(({ beat }) => beat > answers)
}

const describeReplacement = ({ how, pid }: GuardEnd, next: number): string =>
  `The guard of the plugins (pid ${pid}) ${how === "ended" ? "was ended" : `did not answer for ${(maxSilentBeats * beatMillis) / 1_000} s`}. Another one (pid ${next}) has taken its place.`
