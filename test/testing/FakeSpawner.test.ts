import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { exitsAtOnce, type FakeProgram, FakeSpawner, ignoring, neverAnswers, serves } from "../../src/testing/index.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"

const running = (program: FakeProgram) => Effect.provide(FakeSpawner.layer(() => program))
const command = ChildProcess.make("node", ["main.js"], { killSignal: "SIGTERM", forceKillAfter: "5 seconds" })

/** A program that answers with what it reads, until its stdin ends. */
const cat: FakeProgram = () =>
  Stdio.Stdio.use((stdio) => Effect.as(Effect.orDie(Stream.run(stdio.stdin, stdio.stdout())), 0))

describe("a fake process", () => {
  it.effect("has a number, and knows its arguments and its environment", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const secret = Redacted.make("hunter2")
      yield* ChildProcess.make("node", ["a", secret], { env: { A: "1", B: secret, C: undefined } })
      yield* ChildProcess.make("node", ["a", secret])
      yield* ChildProcess.make("node", ["b"])
      const seen = yield* Effect.all([Queue.take(spawns), Queue.take(spawns), Queue.take(spawns)])
      assert.deepEqual(
        seen.map(({ spawn: { args, environment, number } }) => ({ args, environment, number })),
        [
          { args: ["a", "hunter2"], environment: { A: "1", B: "hunter2" }, number: 1 },
          { args: ["a", "hunter2"], environment: {}, number: 2 },
          { args: ["b"], environment: {}, number: 1 },
        ],
      )
      assert.strictEqual(new Set(seen.map(({ pid }) => pid)).size, 3)
    }).pipe(running((process) => Effect.as(process.ignore("SIGHUP"), 0))),
  )

  it.effect("reads, writes, and ends with its program", () =>
    Effect.gen(function* () {
      const handle = yield* command
      yield* Stream.run(Stream.make(new TextEncoder().encode("hello\n")), handle.stdin)
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(handle.stdout)), "hello\n")
      assert.strictEqual(Number(yield* handle.exitCode), 0)
      assert.isFalse(yield* handle.isRunning)
    }).pipe(running(cat)),
  )

  it.effect("works with every method of the spawner", () =>
    Effect.gen(function* () {
      const spawner = yield* ChildProcessSpawner
      assert.strictEqual(yield* spawner.string(command, { includeStderr: true }), "out of luck")
      assert.strictEqual(Number(yield* spawner.exitCode(command)), 3)
      const piped = yield* Effect.flip(spawner.exitCode(ChildProcess.pipeTo(command, command)))
      assert.include(piped.message, "Pipes are not faked")
    }).pipe(running(exitsAtOnce(3, "out of luck"))),
  )

  it.effect("ends with 1 when its program dies", () =>
    Effect.gen(function* () {
      const handle = yield* command
      assert.strictEqual(Number(yield* handle.exitCode), 1)
    }).pipe(running(() => Effect.die("broken"))),
  )

  it.effect("fails its exit code with the signal that ended it", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const handle = yield* command
      yield* Effect.flatMap(Queue.take(spawns), (process) => process.signal("SIGSEGV"))
      assert.include(String((yield* Effect.flip(handle.exitCode)).cause), "SIGSEGV")
    }).pipe(running(neverAnswers)),
  )

  it.effect("is terminated when its scope closes, and killed if it does not end", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const scope = yield* Scope.make()
      yield* Scope.provide(command, scope)
      const process = yield* Queue.take(spawns)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      yield* TestClock.adjust("4999 millis")
      assert.isUndefined(closing.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(closing)
      assert.deepEqual(yield* process.notices, ["SIGTERM", "SIGKILL"])
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
    }).pipe(running(ignoring(["SIGTERM", "SIGKILL"], neverAnswers))),
  )

  it.effect("that is a plugin has nothing to serve without an agent", () =>
    Effect.gen(function* () {
      const handle = yield* command
      assert.strictEqual(Number(yield* handle.exitCode), 64)
    }).pipe(running(serves(plugin))),
  )
})

describe("the counts of a fake process", () => {
  it.effect("are of its own, and of all processes of its command and arguments", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const [first, second, other] = yield* Effect.forEach(["a", "a", "b"], (argument) =>
        Effect.andThen(ChildProcess.make("node", [argument]), Queue.take(spawns)),
      )
      assert.deepEqual(yield* first!.count("x"), { inProcess: 1, inAll: 1 })
      assert.deepEqual(yield* first!.count("x"), { inProcess: 2, inAll: 2 })
      assert.deepEqual(yield* first!.count("y"), { inProcess: 1, inAll: 1 })
      assert.deepEqual(yield* second!.count("x"), { inProcess: 1, inAll: 3 })
      assert.deepEqual(yield* other!.count("x"), { inProcess: 1, inAll: 1 })
    }).pipe(running(neverAnswers)),
  )
})

describe("a fake process that stalls", () => {
  it.effect("reads nothing more, and no signal that Node handles ends it", () => {
    let seen = ""
    const reader: FakeProgram = () =>
      Stdio.Stdio.use(({ stdin }) =>
        Stream.runForEach(Stream.decodeText(stdin), (text) => Effect.sync(() => (seen += text))),
      ).pipe(Effect.orDie, Effect.as(0))
    return Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const handle = yield* command
      const process = yield* Queue.take(spawns)
      yield* process.stall
      yield* Stream.run(Stream.make(new TextEncoder().encode("hello\n")), handle.stdin)
      yield* process.signal("SIGTERM")
      yield* process.signal("SIGINT")
      yield* Effect.replicateEffect(Effect.yieldNow, 100)
      assert.strictEqual(seen, "")
      assert.deepEqual(yield* process.notices, ["EOF", "SIGTERM", "SIGINT"])
      assert.isTrue(yield* handle.isRunning)
      yield* process.signal("SIGKILL")
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
    }).pipe(running(reader))
  })

  it.effect("does not see the end of its stdin", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const handle = yield* command
      const process = yield* Queue.take(spawns)
      yield* process.stall
      yield* Stream.run(Stream.empty, handle.stdin)
      yield* Effect.replicateEffect(Effect.yieldNow, 100)
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.isTrue(yield* handle.isRunning)
      yield* process.signal("SIGKILL")
    }).pipe(running(cat)),
  )

  it.effect("writes nothing more", () => {
    const written = Deferred.makeUnsafe<void>()
    const writer: FakeProgram = () =>
      Stdio.Stdio.use((stdio) =>
        Effect.andThen(Deferred.await(written), Stream.run(Stream.succeed("late"), stdio.stdout())),
      ).pipe(Effect.orDie, Effect.as(0))
    return Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const handle = yield* command
      const process = yield* Queue.take(spawns)
      const read = yield* Effect.forkChild(Stream.mkString(Stream.decodeText(handle.stdout)))
      yield* process.stall
      yield* Deferred.succeed(written, undefined)
      yield* Effect.replicateEffect(Effect.yieldNow, 100)
      yield* process.signal("SIGKILL")
      assert.strictEqual(yield* Fiber.join(read), "")
    }).pipe(running(writer))
  })

  it.effect("does not wake from a sleep", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const handle = yield* command
      const process = yield* Queue.take(spawns)
      yield* process.stall
      yield* TestClock.adjust("1 minute")
      assert.isTrue(yield* handle.isRunning)
      yield* process.signal("SIGKILL")
    }).pipe(running(() => Effect.as(Effect.sleep("1 second"), 0))),
  )
})
