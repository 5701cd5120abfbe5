import { assert, describe, it } from "@effect/vitest"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { systemError } from "effect/PlatformError"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Scheduler from "effect/Scheduler"
import * as Queue from "effect/Queue"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { GuardProcess } from "../../../src/agent/launch/GuardProcess.ts"
import { confirm, type Unconfirmed } from "../../../src/agent/launch/GuardShell.ts"
import { Platform } from "../../../src/platform/Platform.ts"
import { LaunchId } from "../../../src/protocol/Identity.ts"

interface FakeShell {
  readonly told: Queue.Dequeue<string>
  readonly end: Effect.Effect<unknown>
}

/** A guard whose shells are in memory: each answers its first `answers` beats, or there is none. */
const makeGuard = Effect.fnUntraced(function* (answersOf: (number: number) => number | "NotFound", platform = "linux") {
  const shells = yield* Queue.unbounded<FakeShell>()
  const logged: Array<string> = []
  const ended: Array<number> = []
  const killed: Array<string> = []
  let number = 0
  const spawner = ChildProcessSpawner.make(
    Effect.fnUntraced(function* (command) {
      number += 1
      const given = answersOf(number)
      if (given === "NotFound") {
        return yield* systemError({ _tag: "NotFound", module: "ChildProcess", method: "spawn" })
      }
      let answers = given
      const told = yield* Queue.unbounded<string>()
      const output = yield* Queue.unbounded<Uint8Array, Cause.Done>()
      const exited = yield* Deferred.make<ChildProcessSpawner.ExitCode>()
      const pid = 100 + number
      const guarded = new Set<string>()
      const end = Effect.gen(function* () {
        if (yield* Deferred.succeed(exited, ChildProcessSpawner.ExitCode(0))) ended.push(pid)
        yield* Queue.end(output)
      })
      const stdin = command._tag === "StandardCommand" ? command.options.stdin : undefined
      assert.isTrue(Stream.isStream(stdin))
      yield* (stdin as Stream.Stream<Uint8Array>).pipe(
        Stream.decodeText,
        Stream.splitLines,
        Stream.runForEach((line) =>
          Effect.andThen(
            Effect.suspend(() => {
              const [verb, word = ""] = line.split(" ")
              if (verb === "add") guarded.add(word)
              if (verb === "del") guarded.delete(word)
              return Queue.offer(told, line)
            }),
            line === "beat" && answers-- > 0 ? Queue.offer(output, new TextEncoder().encode("beat\n")) : Effect.void,
          ),
        ),
        // What it guards when its pipe ends, it kills.
        Effect.tap(() => Effect.sync(() => killed.push(...guarded))),
        Effect.andThen(end),
        Effect.forkScoped,
      )
      yield* Queue.offer(shells, { told, end })
      return ChildProcessSpawner.makeHandle({
        pid: ChildProcessSpawner.ProcessId(pid),
        exitCode: Deferred.await(exited),
        isRunning: Effect.map(Deferred.isDone(exited), (done) => !done),
        kill: () => end.pipe(Effect.asVoid),
        stdin: Sink.drain,
        stdout: Stream.fromQueue(output),
        stderr: Stream.empty,
        all: Stream.empty,
        getInputFd: () => Sink.drain,
        getOutputFd: () => Stream.empty,
        unref: Effect.succeed(Effect.void),
      })
    }),
  )
  const services = yield* Layer.build(
    GuardProcess.layer.pipe(
      Layer.provide([
        Layer.succeed(ChildProcessSpawner.ChildProcessSpawner, spawner),
        Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))]),
        Layer.succeed(Platform, platform),
      ]),
    ),
  )
  return { guard: Context.get(services, GuardProcess), shells, logged, ended, killed }
})

const always = () => Number.POSITIVE_INFINITY
const one = LaunchId.make("one-1")
const two = LaunchId.make("two-2")

describe("the guard", () => {
  it.effect("is started with the first launch, and asked each second while there is one", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard(always)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Queue.size(shells), 0)
      yield* guard.guard(one)
      const { told } = yield* Queue.take(shells)
      yield* guard.guard(one, 12)
      assert.deepEqual(yield* Queue.takeN(told, 3), ["add one-1", "beat", "add 12"])
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(yield* Queue.size(told), 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Queue.take(told), "beat")
      yield* guard.release(one, 12)
      assert.deepEqual(yield* Queue.takeN(told, 2), ["del one-1", "del 12"])
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(yield* Queue.size(told), 0)
      yield* guard.guard(two)
      assert.strictEqual(yield* Queue.take(told), "add two-2")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Queue.take(told), "beat")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Queue.size(shells), 0)
    }),
  )

  it.effect(
    "leaves when it has guarded nothing for a second, and the next launch gets one, without a word in the log",
    () =>
      Effect.gen(function* () {
        const { ended, guard, logged, shells } = yield* makeGuard(always)
        for (let times = 0; times < 3; times++) {
          yield* guard.guard(one, 12)
          const confirmed = yield* Effect.forkChild(guard.confirmed, { startImmediately: true })
          const { told } = yield* Queue.take(shells)
          yield* Fiber.join(confirmed)
          assert.deepEqual(yield* Queue.clear(told), ["add one-1", "add 12", "beat"])
          yield* guard.release(one, 12)
          yield* TestClock.adjust("1 second")
          assert.deepEqual(yield* Queue.clear(told), ["del one-1", "del 12"])
          yield* TestClock.adjust("1 minute")
          assert.deepEqual(yield* Queue.clear(shells), [])
          assert.deepEqual(ended, [101, 102, 103].slice(0, times + 1))
        }
        assert.deepEqual(logged, [])
      }),
  )

  it.effect("is there for a launch that comes at any moment of its leaving", () =>
    Effect.gen(function* () {
      const { guard, killed, shells } = yield* makeGuard(always)
      for (let turns = 0; turns < 100; turns++) {
        yield* guard.guard(one, 12)
        yield* guard.confirmed
        yield* guard.release(one, 12)
        const passing = yield* Effect.forkChild(TestClock.adjust("1 second"), { startImmediately: true })
        yield* Effect.replicateEffect(Effect.yieldNow, turns)
        yield* guard.guard(two, 13)
        yield* guard.confirmed
        yield* Fiber.join(passing)
        const { told } = (yield* Queue.clear(shells)).at(-1)!
        const lines = yield* Queue.clear(told)
        assert.include(lines, "add two-2", `after ${turns} turns`)
        assert.deepEqual(killed, [], `after ${turns} turns`)
        yield* guard.release(two, 13)
        yield* TestClock.adjust("1 minute")
      }
      // Others run after every few steps of a fiber, and so at each moment.
    }).pipe(Effect.provideService(Scheduler.MaxOpsBeforeYield, 4)),
  )

  it.effect("is replaced as soon as it ends, and the next one is told what is guarded then", () =>
    Effect.gen(function* () {
      const { guard, logged, shells } = yield* makeGuard(always)
      yield* guard.guard(one, 12)
      const first = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(first.told, 3), ["add one-1", "add 12", "beat"])
      yield* guard.guard(two, 13)
      yield* guard.release(one, 12)
      yield* first.end
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 3), ["add two-2", "add 13", "beat"])
      yield* TestClock.adjust("1 second")
      assert.deepEqual(logged, [
        "The guard of the plugins (pid 101) was ended. Another one (pid 102) has taken its place.",
      ])
    }),
  )

  it.effect("is told when to end a launch by itself, and so is the one that takes its place", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard(always)
      yield* guard.guard(one, 12)
      const first = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(first.told, 3), ["add one-1", "add 12", "beat"])
      const number = yield* guard.arm(one, 12, 9_560)
      yield* guard.arm(one, 12, 300)
      yield* guard.disarm(number!)
      yield* guard.arm(two, 13, 60_000)
      assert.deepEqual(yield* Queue.takeN(first.told, 4), [
        // Half a second less, which the line may take to it.
        "arm 1 9 9 one-1 12",
        "arm 2 0 0 one-1 12",
        "free 1",
        "arm 3 59.5 59 two-2 13",
      ])
      yield* TestClock.adjust("800 millis")
      yield* first.end
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 5), [
        "add one-1",
        "add 12",
        "arm 2 0 0 one-1 12",
        "arm 3 58.7 58 two-2 13",
        "beat",
      ])
      yield* guard.release(one, 12)
      assert.deepEqual(yield* Queue.takeN(next.told, 3), ["free 2", "del one-1", "del 12"])
    }),
  )

  it.effect("guards a launch until its release is run", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard(always)
      yield* guard.guard(one, 12)
      const first = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(first.told, 3), ["add one-1", "add 12", "beat"])
      const release = guard.release(one, 12)
      yield* first.end
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 3), ["add one-1", "add 12", "beat"])
      yield* release
      assert.deepEqual(yield* Queue.takeN(next.told, 2), ["del one-1", "del 12"])
    }),
  )

  it.effect("is replaced if it leaves three beats in a row without an answer", () =>
    Effect.gen(function* () {
      const { guard, logged, shells } = yield* makeGuard((number) => (number === 1 ? 2 : Number.POSITIVE_INFINITY))
      yield* guard.guard(one, 12)
      const first = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(first.told, 3), ["add one-1", "add 12", "beat"])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Queue.take(first.told), "beat")
      // From here on it is silent.
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("999 millis")
      assert.deepEqual([yield* Queue.size(first.told), yield* Queue.size(shells)], [3, 0])
      yield* TestClock.adjust("1 millis")
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 3), ["add one-1", "add 12", "beat"])
      yield* TestClock.adjust("1 second")
      assert.deepEqual(logged, [
        "The guard of the plugins (pid 101) did not answer for 3 s. Another one (pid 102) has taken its place.",
      ])
    }),
  )

  it.effect("says when it has read what it was told: the one that runs, or the one that takes its place", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard((number) => (number === 1 ? 1 : Number.POSITIVE_INFINITY))
      yield* guard.guard(one, 12)
      yield* guard.confirmed
      // From here on it is silent.
      const { told } = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.clear(told), ["add one-1", "add 12", "beat"])
      yield* guard.guard(two, 13)
      const waiting = yield* Effect.forkChild(guard.confirmed, { startImmediately: true })
      yield* TestClock.adjust("1 second")
      assert.deepEqual(yield* Queue.clear(told), ["add two-2", "add 13", "beat", "beat"])
      yield* TestClock.adjust("1 second")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("2 seconds")
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 5), ["add one-1", "add 12", "add two-2", "add 13", "beat"])
      yield* Fiber.join(waiting)
    }),
  )

  it("has read what was told before a beat once it has answered that one, and not an earlier one", () => {
    const [first, second, third] = [1, 2, 3].map((beat) => ({ beat, read: Deferred.makeUnsafe<void>() }))
    const guarded: { unconfirmed: ReadonlyArray<Unconfirmed> } = { unconfirmed: [first!, second!, third!] }
    const read = () => [first!, second!, third!].map((one) => Deferred.isDoneUnsafe(one.read))
    confirm(guarded, 1)
    assert.deepEqual(read(), [true, false, false])
    confirm(guarded, 2)
    assert.deepEqual(read(), [true, true, false])
    assert.deepEqual(guarded.unconfirmed, [third!])
    confirm(guarded)
    assert.deepEqual(read(), [true, true, true])
  })

  it.effect("keeps nobody waiting that cannot be started, or never answers", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard(() => 0)
      yield* guard.guard(one, 12)
      const waiting = yield* Effect.forkChild(guard.confirmed, { startImmediately: true })
      const silent = yield* Queue.take(shells)
      assert.isUndefined(waiting.pollUnsafe())
      yield* silent.end
      yield* Fiber.join(waiting)
      const { guard: without } = yield* makeGuard(() => "NotFound")
      yield* without.guard(one, 12)
      yield* without.confirmed
      yield* without.confirmed
    }),
  )

  it.effect("that did nothing at all is started again after a second", () =>
    Effect.gen(function* () {
      const { guard, shells } = yield* makeGuard((number) => (number === 1 ? 0 : Number.POSITIVE_INFINITY))
      yield* guard.guard(one)
      const first = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(first.told, 2), ["add one-1", "beat"])
      yield* first.end
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(yield* Queue.size(shells), 0)
      yield* TestClock.adjust("1 millis")
      const next = yield* Queue.take(shells)
      assert.deepEqual(yield* Queue.takeN(next.told, 2), ["add one-1", "beat"])
    }),
  )

  it.effect("is not started on Windows, where the system ends plugins with their agent, and says nothing", () =>
    Effect.gen(function* () {
      const { guard, logged, shells } = yield* makeGuard(always, "win32")
      yield* guard.guard(one, 12)
      yield* TestClock.adjust("1 minute")
      yield* guard.release(one, 12)
      assert.strictEqual(yield* Queue.size(shells), 0)
      assert.deepEqual(logged, [])
    }),
  )
})
