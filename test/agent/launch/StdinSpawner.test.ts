import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner, make, makeHandle } from "effect/process/ChildProcessSpawner"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { layerStdinSpawner } from "../../../src/agent/launch/StdinSpawner.ts"
import { fromHandle } from "../../../src/transport/ChildStdio.ts"
import { drainToStdout } from "../../../src/transport/DirectOutput.ts"
import { makeFrameWriter } from "../../../src/transport/FrameWriter.ts"

/** A spawner whose sinks nobody may use. */
const layerNoSinks = Layer.effect(
  ChildProcessSpawner,
  Effect.map(ChildProcessSpawner, ({ spawn }) =>
    make((command) =>
      Effect.map(spawn(command), (handle) =>
        makeHandle({ ...handle, stdin: Sink.unwrap(Effect.die("the sink was used")) }),
      ),
    ),
  ),
).pipe(Layer.provide(NodeServices.layer))

const layerDirect = Layer.provide(layerStdinSpawner, layerNoSinks)

/** A process that runs this code, and what moves frames to it. */
const start = Effect.fnUntraced(function* (code: string) {
  const handle = yield* ChildProcess.make(process.execPath, ["-e", code], { extendEnv: true, forceKillAfter: 1_000 })
  const writer = yield* makeFrameWriter({ freshLine: false })
  const drain = drainToStdout(writer, fromHandle(handle), { endOnDone: true })
  return { handle, writer, drain }
})

const echo = "process.stdin.pipe(process.stdout)"

describe("layerStdinSpawner", () => {
  it.live("writes all in order without the sink, more than a pipe holds too, and then ends the stdin", () =>
    Effect.gen(function* () {
      const { drain, handle, writer } = yield* start(echo)
      const frames = ["a", "é".repeat(1024 * 1024), "b"]
      for (const frame of frames) writer.write(frame)
      const read = yield* Effect.forkChild(Stream.mkString(Stream.decodeText(handle.stdout)))
      const drained = yield* Effect.forkChild(drain)
      yield* writer.end
      yield* Fiber.join(drained)
      assert.isTrue((yield* Fiber.join(read)) === `${frames.join("\n")}\n`)
      assert.strictEqual(Number(yield* handle.exitCode), 0)
    }).pipe(Effect.provide(layerDirect)),
  )

  it.live("fails where the process has gone", () =>
    Effect.gen(function* () {
      const { drain, handle, writer } = yield* start("")
      yield* handle.exitCode
      const drained = yield* Effect.forkChild(drain, { startImmediately: true })
      writer.write("too late")
      const error = yield* Effect.flip(Fiber.join(drained))
      assert.strictEqual(error._tag, "PlatformError")
    }).pipe(Effect.provide(layerDirect)),
  )

  it.live("leaves it to the sink what another spawner has started", () =>
    Effect.gen(function* () {
      const { drain, writer } = yield* start(echo)
      writer.write("a")
      assert.include(String(yield* Effect.exit(drain)), "the sink was used")
    }).pipe(Effect.provide(layerNoSinks)),
  )
})
