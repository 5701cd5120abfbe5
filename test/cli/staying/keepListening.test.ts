import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { keepListening } from "../../../src/cli/staying/keepListening.ts"

/** Sockets in memory. */
const makeSockets = () => {
  const files = new Set<string>()
  const open = new Set<string>()
  const paths = ["first"]
  return {
    files,
    open,
    paths,
    listening: {
      choose: Effect.suspend(() => {
        const path = paths[0]
        return path === undefined ? Effect.fail({ message: "there is no folder" }) : Effect.succeed(path)
      }),
      serve: (socket: string) =>
        Effect.acquireRelease(
          Effect.sync(() => {
            files.add(socket)
            open.add(socket)
          }),
          () =>
            Effect.sync(() => {
              files.delete(socket)
              open.delete(socket)
            }),
        ),
      isThere: (socket: string) => Effect.sync(() => files.has(socket)),
    },
  }
}

describe("an agent whose socket is gone", () => {
  it.effect("listens anew, where it may by then, for as long as it runs", () =>
    Effect.gen(function* () {
      const { files, listening, open, paths } = makeSockets()
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* keepListening(listening), "first")
        yield* TestClock.adjust("1 minute")
        assert.deepEqual([...open], ["first"])

        files.clear()
        yield* TestClock.adjust("2 seconds")
        assert.deepEqual([[...files], [...open]], [["first"], ["first"]])

        files.clear()
        paths.length = 0
        yield* TestClock.adjust("30 seconds")
        assert.deepEqual([...open], [])
        paths.push("second")
        yield* TestClock.adjust("2 seconds")
        assert.deepEqual([...open], ["second"])
      }).pipe(Effect.scoped)
      assert.deepEqual([...open], [])
    }),
  )

  it.effect("does not begin where it cannot listen at all", () =>
    Effect.gen(function* () {
      const { listening, paths } = makeSockets()
      paths.length = 0
      const { message } = yield* Effect.flip(Effect.scoped(keepListening(listening)))
      assert.strictEqual(message, "there is no folder")
    }),
  )
})
