import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner, ExitCode, make, makeHandle, ProcessId } from "effect/process/ChildProcessSpawner"
import * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { layerGroupSpawner } from "../../../src/agent/launch/GroupSpawner.ts"
import { ProcFiles } from "../../../src/platform/ProcFiles.ts"

const group = 40

/** A spawner whose processes end when they are signalled, and whose group answers signals for ever. */
const makeWorld = Effect.gen(function* () {
  const stats = new Map<string, string>()
  const exited = yield* Deferred.make<void>()
  const kills: Array<string> = []
  const ended = { closed: false }
  const spawner = make((command) =>
    Effect.gen(function* () {
      yield* Effect.addFinalizer(() => Effect.sync(() => void (ended.closed = true)))
      return makeHandle({
        pid: ProcessId(group),
        exitCode: Effect.as(Deferred.await(exited), ExitCode(0)),
        isRunning: Effect.map(Deferred.isDone(exited), (done) => !done),
        kill: (options) =>
          Effect.andThen(
            Effect.sync(() => kills.push(`${options?.killSignal} ${command._tag}`)),
            Effect.never,
          ),
        stdin: Sink.drain,
        stdout: Stream.empty,
        stderr: Stream.empty,
        all: Stream.empty,
        getInputFd: () => Sink.drain,
        getOutputFd: () => Stream.empty,
        unref: Effect.succeed(Effect.void),
      })
    }),
  )
  const proc: ProcFiles = {
    list: () => ["self", ...stats.keys()],
    read: (file) => stats.get(file.split("/")[2] ?? "") ?? "",
  }
  const layer = layerGroupSpawner("/p").pipe(
    Layer.provide([Layer.succeed(ChildProcessSpawner, spawner), Layer.succeed(ProcFiles, proc)]),
  )
  /** What Linux reports about a process. */
  const reports = (pid: number, state: string, of = group) =>
    Effect.sync(() => stats.set(String(pid), `${pid} (a) ${state} 1 ${of} ${of} 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 7`))
  const scope = yield* Scope.make()
  const handle = yield* Effect.flatMap(ChildProcessSpawner, ({ spawn }) =>
    Scope.provide(spawn(ChildProcess.make("x", [], { killSignal: "SIGTERM", forceKillAfter: "1 hour" })), scope),
  ).pipe(Effect.provide(layer))
  const closing = Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
  return { closing, ended, exited: Deferred.succeed(exited, undefined), handle, kills, reports }
})

describe("a group of processes", () => {
  it.effect("is waited for as long as one of its members lives, and no longer than until all are zombies", () =>
    Effect.gen(function* () {
      const { closing, ended, exited, kills, reports } = yield* makeWorld
      yield* reports(41, "S")
      yield* reports(42, "Z")
      // The one of another group says nothing about this one.
      yield* reports(50, "Z", 50)
      const fiber = yield* closing
      yield* exited
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(fiber.pollUnsafe())
      assert.deepEqual(kills, ["SIGTERM StandardCommand"])
      yield* reports(41, "Z")
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(fiber)
      assert.isTrue(ended.closed)
    }),
  )

  it.effect("is waited for while its leader lives, and where nothing is reported", () =>
    Effect.gen(function* () {
      const { exited, handle, reports } = yield* makeWorld
      const killing = yield* Effect.forkChild(handle.kill({ killSignal: "SIGKILL" }), { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(killing.pollUnsafe())
      yield* exited
      yield* TestClock.adjust("1 minute")
      assert.isUndefined(killing.pollUnsafe())
      yield* reports(42, "X")
      yield* TestClock.adjust("50 millis")
      yield* Fiber.join(killing)
    }),
  )
})
