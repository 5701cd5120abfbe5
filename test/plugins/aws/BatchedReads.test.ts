import { assert, describe, it } from "@effect/vitest"
import { ProviderError, Requests } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { nextPauseMillis } from "../../../plugins/aws/src/BatchPause.ts"
import { batchedReads } from "../../../plugins/aws/src/BatchedReads.ts"
import { connect } from "../../../plugins/aws/src/Connection.ts"
import { CurrentTurns, makeStopwatch } from "../../../src/plugin/RequestTurns.ts"
import { layerFake } from "./FakeClients.ts"

const throttled = ProviderError.of("Throttling", "slower, please")

/** Reads by id from a service that has whatever does not begin with `no`, and the calls that it got. */
const makeReads = (answers: ReadonlyArray<Effect.Effect<void, ProviderError>> = []) => {
  const calls: Array<ReadonlyArray<string>> = []
  const answer = (ids: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      calls.push(ids)
      const found = new Map(ids.filter((id) => !id.startsWith("no")).map((id) => [id, `read ${id}`]))
      return Effect.as(answers[calls.length - 1] ?? Effect.void, found)
    })
  const read = batchedReads({
    size: 3,
    one: (_, id) => Effect.map(Requests.limited(answer([id])), (found) => found.get(id)),
    several: (_, ids) => Requests.limited(answer(ids)),
  })
  const readIn = (region: string) => (id: string) =>
    Effect.flatMap(
      connect(({ ec2 }, target) => ec2(target), { region }),
      (connection) => read(connection, id),
    )
  return { calls, read: readIn("eu-central-1"), readIn }
}

const sideBySide = { concurrency: "unbounded" } as const

/** Starts reads, and waits until their call is under way. */
const begin = <A, E, R>(reads: Effect.Effect<A, E, R>, calls: ReadonlyArray<unknown>, count: number) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(reads, { startImmediately: true })
    while (calls.length < count) yield* turnOfLoop
    return fiber
  })

const turnOfLoop = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

describe("reads that go on side by side", () => {
  it.effect("are one call, of which each gets its own answer, and what does not exist fails no other", () => {
    const { calls, read } = makeReads()
    return Effect.gen(function* () {
      const found = yield* Effect.forEach(["a", "no", "a"], read, sideBySide)
      assert.deepStrictEqual(found, ["read a", undefined, "read a"])
      assert.deepStrictEqual(calls, [["a", "no"]])
    }).pipe(Effect.provide(layerFake({})))
  })

  it.effect("are as many calls as the service needs for so many ids", () => {
    const { calls, read } = makeReads()
    return Effect.gen(function* () {
      const ids = ["a", "b", "c", "d", "e", "f", "g"]
      assert.deepStrictEqual(
        yield* Effect.forEach(ids, read, sideBySide),
        ids.map((id) => `read ${id}`),
      )
      assert.deepStrictEqual(calls, [["a", "b", "c"], ["d", "e", "f"], ["g"]])
    }).pipe(Effect.provide(layerFake({})))
  })

  it.effect("of two targets, or with other clients, are calls of their own", () => {
    const { calls, readIn } = makeReads()
    return Effect.gen(function* () {
      const here = Effect.forEach(["a", "b"], readIn("eu-central-1"), sideBySide)
      const others = yield* Effect.provide(AwsClients, layerFake({}))
      yield* Effect.all(
        [here, readIn("us-east-1")("c"), Effect.provideService(readIn("eu-central-1")("d"), AwsClients, others)],
        sideBySide,
      )
      assert.sameDeepMembers(calls, [["a", "b"], ["c"], ["d"]])
    }).pipe(Effect.provide(layerFake({})))
  })

  it.effect("and arrive while a call is under way share the next one", () => {
    const { calls, read } = makeReads([Effect.sleep("1 second")])
    return Effect.gen(function* () {
      const first = yield* begin(read("a"), calls, 1)
      const others = yield* Effect.forkChild(Effect.forEach(["b", "c"], read, sideBySide), { startImmediately: true })
      yield* turnOfLoop
      assert.deepStrictEqual(calls, [["a"]])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(first), "read a")
      assert.deepStrictEqual(yield* Fiber.join(others), ["read b", "read c"])
      assert.deepStrictEqual(calls, [["a"], ["b", "c"]])
    }).pipe(Effect.provide(layerFake({})))
  })

  it.effect("do not fail if one of them is interrupted", () => {
    const { calls, read } = makeReads([Effect.sleep("1 second")])
    return Effect.gen(function* () {
      const first = yield* Effect.forkChild(read("a"), { startImmediately: true })
      const second = yield* begin(read("b"), calls, 1)
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(second), "read b")
      assert.deepStrictEqual(calls, [["a", "b"]])
    }).pipe(Effect.provide(layerFake({})))
  })
})

describe("a call that is refused for what it asks", () => {
  it.effect.each(["InvalidRequest", "NotFound"] as const)("fails the read alone that is wrong: %s", (code) => {
    const refused = ProviderError.of(code, "this is no id")
    const { calls, read } = makeReads([Effect.fail(refused), Effect.void, Effect.fail(refused)])
    return Effect.gen(function* () {
      const results = yield* Effect.forEach(["a", "!", "no"], (id) => Effect.result(read(id)), sideBySide)
      assert.deepStrictEqual(results, [Result.succeed("read a"), Result.fail(refused), Result.succeed(undefined)])
      assert.deepStrictEqual(calls, [["a", "!", "no"], ["a"], ["!"], ["no"]])
    }).pipe(Effect.provide(layerFake({})))
  })

  it.effect("fails all of its reads where nothing says that one of them is wrong", () => {
    const denied = ProviderError.of("AccessDenied", "no")
    const { calls, read } = makeReads([Effect.fail(denied)])
    return Effect.gen(function* () {
      const results = yield* Effect.forEach(["a", "b"], (id) => Effect.result(read(id)), sideBySide)
      assert.deepStrictEqual(results, [Result.fail(denied), Result.fail(denied)])
      assert.deepStrictEqual(calls, [["a", "b"]])
    }).pipe(Effect.provide(layerFake({})))
  })
})

describe("a call that is throttled", () => {
  it.effect("fails all of its reads, and they come together again after a pause", () => {
    const { calls, read } = makeReads([Effect.fail(throttled)])
    return Effect.gen(function* () {
      const reads = (ids: ReadonlyArray<string>) => Effect.forEach(ids, (id) => Effect.result(read(id)), sideBySide)
      const refused = yield* reads(["a", "b"])
      assert.deepStrictEqual(
        refused.map((one) => Result.isFailure(one) && one.failure.code),
        ["Throttling", "Throttling"],
      )
      // The operator tries each of them again, at a time of its own.
      const one = yield* Effect.forkChild(reads(["a"]), { startImmediately: true })
      yield* TestClock.adjust("249 millis")
      const other = yield* Effect.forkChild(reads(["b"]), { startImmediately: true })
      yield* turnOfLoop
      assert.lengthOf(calls, 1)
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual([yield* Fiber.join(one), yield* Fiber.join(other)].flat(), [
        Result.succeed("read a"),
        Result.succeed("read b"),
      ])
      assert.deepStrictEqual(calls, [
        ["a", "b"],
        ["a", "b"],
      ])
    }).pipe(Effect.provide(layerFake({})))
  })

  it("makes the pause twice as long each time, up to eight seconds, and each that is not makes it half as long", () => {
    const pauses = (count: number, from: number, end: Parameters<typeof nextPauseMillis>[1]) =>
      Array.from({ length: count }).reduce<ReadonlyArray<number>>(
        (all) => [...all, nextPauseMillis(all.at(-1) ?? from, end)],
        [],
      )
    const [refused, answered] = [Effect.runSyncExit(Effect.fail(throttled)), Effect.runSyncExit(Effect.void)]
    assert.deepStrictEqual(pauses(7, 0, refused), [250, 500, 1000, 2000, 4000, 8000, 8000])
    assert.deepStrictEqual(pauses(6, 8000, answered), [4000, 2000, 1000, 500, 250, 0])
    const denied = Effect.runSyncExit(Effect.fail(ProviderError.of("AccessDenied", "no")))
    assert.deepStrictEqual(pauses(1, 0, denied), [0])
  })
})

describe("reads under a rate limit", () => {
  it.effect("wait for one turn together, in a time that no limit counts", () => {
    const { calls, read } = makeReads()
    /** A caller whose requests wait for this long. */
    const waiting = Effect.fnUntraced(function* (id: string) {
      const stopwatch = yield* makeStopwatch
      const turns = { ...stopwatch, next: Effect.sleep("5 minutes"), slowDown: () => undefined }
      const found = yield* Effect.provideService(read(id), CurrentTurns, turns)
      return [found, stopwatch.waitedMillis()]
    })
    return Effect.gen(function* () {
      const both = yield* Effect.forkChild(Effect.forEach(["a", "b"], waiting, sideBySide), { startImmediately: true })
      yield* turnOfLoop
      yield* turnOfLoop
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(yield* Fiber.join(both), [
        ["read a", 300_000],
        ["read b", 300_000],
      ])
      assert.deepStrictEqual(calls, [["a", "b"]])
    }).pipe(Effect.provide(layerFake({})))
  })
})

describe("a call that never ends", () => {
  it.effect("fails its reads, and keeps no other from being sent", () => {
    const { calls, read } = makeReads([Effect.never])
    return Effect.gen(function* () {
      const first = yield* begin(Effect.flip(read("a")), calls, 1)
      const second = yield* Effect.forkChild(read("b"), { startImmediately: true })
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* Fiber.join(first)).code, "ServiceTimeout")
      assert.strictEqual(yield* Fiber.join(second), "read b")
    }).pipe(Effect.provide(layerFake({})))
  })
})
