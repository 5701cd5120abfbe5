/**
 * The server half of Effect RPC over a Stdio. It differs from the one in
 * Effect in four ways: a bad line costs that line and not the chunk it came
 * in, the end of stdin is reported and not acted on, Eof ends nothing, and the
 * frames of one tick are one write.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { FromClientEncoded, FromServerEncoded } from "effect/rpc/RpcMessage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import { parseClientFrame } from "./Envelope.ts"
import { fitsFrame, frameCapBytes, readFrames } from "./Frames.ts"
import { makeFrameWriter } from "./FrameWriter.ts"

export interface ServerConnection {
  readonly protocol: RpcServer.Protocol["Service"]
  /** Completes when the agent has closed its end: nothing new will be asked. Dies where reading it does. */
  readonly inputEnded: Effect.Effect<void>
  /** Completes once no call is in flight, after the input has ended. */
  readonly idle: Effect.Effect<void>
  /** Writes the answers that are queued; completes when the stream has taken them all. */
  readonly flush: Effect.Effect<void>
}

const onlyClient = 0

export const makeServerConnection = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  const writer = yield* makeFrameWriter({ freshLine: true })
  const inputEnded = yield* Deferred.make<void>()
  const idle = yield* Deferred.make<void>()
  const flushed = yield* Deferred.make<void>()
  const disconnects = yield* Queue.make<number>()
  const unanswered = new Set<string | number>()

  const settleIdle = Effect.suspend(() =>
    unanswered.size === 0 && Deferred.isDoneUnsafe(inputEnded) ? Deferred.succeed(idle, undefined) : Effect.void,
  )

  const protocol = yield* RpcServer.Protocol.make(
    Effect.fnUntraced(function* (deliver) {
      yield* readFrames(stdio.stdin, {
        parse: parseClientFrame,
        onFrame: (frame: FromClientEncoded) => {
          // Effect's server would take it for the end of the client, and answer nothing any more.
          if (frame._tag === "Eof") return Effect.void
          if (frame._tag === "Request" && frame.isNotification !== true) {
            // Effect's server would stop reading. The call that has the id goes on, and is answered.
            if (unanswered.has(frame.id)) {
              return Effect.logWarning(`The call ${frame.tag} has the id of one in flight, and is not made`)
            }
            unanswered.add(frame.id)
          }
          return deliver(onlyClient, frame)
        },
        // What it holds may be secret, for whatever else came with it.
        onJunk: (line) => Effect.logWarning(`A line of ${line.length} characters on stdin is no frame`),
      }).pipe(
        // Whatever ends the input, the agent will ask nothing more of this process.
        Effect.ignore({ log: true }),
        Effect.exit,
        Effect.flatMap((exit) => Deferred.done(inputEnded, exit)),
        Effect.andThen(settleIdle),
        Effect.forkScoped,
      )

      yield* writer
        .drainInto(stdio.stdout())
        .pipe(Effect.ignore({ log: true }), Effect.ensuring(Deferred.succeed(flushed, undefined)), Effect.forkScoped)

      return {
        disconnects,
        send: (_clientId: number, message: FromServerEncoded) =>
          Effect.suspend(() => {
            const frame = JSON.stringify(message)
            // Effect's server answers the call with this defect, and interrupts the rest of a stream.
            if (!fitsFrame(frame))
              return Effect.die(`The answer is larger than a frame may be (${frameCapBytes} bytes)`)
            writer.write(frame)
            if (message._tag !== "Exit") return Effect.void
            unanswered.delete(message.requestId)
            return settleIdle
          }),
        end: () => writer.end,
        clientIds: Effect.succeed(new Set([onlyClient])),
        initialMessage: Effect.succeedNone,
        supportsAck: true,
        supportsTransferables: false,
        supportsSpanPropagation: true,
        supportsNotifications: true,
        codecFor: RpcSerialization.ndjson.codecFor,
      }
    }),
  )

  return {
    protocol,
    inputEnded: Deferred.await(inputEnded),
    idle: Deferred.await(idle),
    flush: Effect.andThen(writer.end, Deferred.await(flushed)),
  } satisfies ServerConnection
}) satisfies Effect.Effect<ServerConnection, never, Stdio.Stdio | Scope.Scope>
