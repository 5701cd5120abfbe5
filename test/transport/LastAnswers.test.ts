import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { systemError } from "effect/PlatformError"
import * as Queue from "effect/Queue"
import * as RpcClient from "effect/rpc/RpcClient"
import { RequestId } from "effect/rpc/RpcMessage"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { OperationId, ResourceType } from "../../src/protocol/Identity.ts"
import { PluginRpcs } from "../../src/protocol/PluginRpcs.ts"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"

const broken = systemError({ module: "Stdio", method: "stdout", _tag: "Unknown", cause: "EPIPE" })

describe("a plugin that dies after it has answered", () => {
  it.effect("is read to the end, although its stdin breaks before its stdout has been read", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const answers = yield* Queue.unbounded<Uint8Array>()
      const stdio = Stdio.make({
        args: Effect.succeed([]),
        stdin: Stream.fromQueue(answers),
        // Takes the request, then breaks.
        stdout: () => Sink.forEach(() => Effect.andThen(Deferred.succeed(asked, undefined), Effect.fail(broken))),
        stderr: () => Sink.drain,
      })
      const connection = yield* makeClientConnection({ onJunk: () => Effect.void }).pipe(
        Effect.provideService(Stdio.Stdio, stdio),
      )
      const client = yield* RpcClient.make(PluginRpcs, { generateRequestId: () => RequestId("1") }).pipe(
        Effect.provideService(RpcClient.Protocol, connection.protocol),
      )
      const listing = yield* Effect.forkChild(
        client.List({
          operationId: OperationId.make("op"),
          resourceType: ResourceType.make("Suite::Now::Thing"),
          targetConfig: {},
        }),
        { startImmediately: true },
      )
      yield* Deferred.await(asked)
      const answer = { _tag: "Exit", requestId: "1", exit: { _tag: "Success", value: { nativeIds: ["made"] } } }
      yield* Queue.offer(answers, new TextEncoder().encode(`${JSON.stringify(answer)}\n`))
      assert.deepEqual((yield* Fiber.join(listing)).nativeIds.map(String), ["made"])
      yield* TestClock.adjust("250 millis")
      assert.include(yield* connection.closed, "stdin could not be written")
    }),
  )
})
