/**
 * The server half of Effect RPC over a Stdio. It differs from the one in Effect
 * in four ways: a bad line costs that line and not the whole chunk, the end of
 * stdin is reported and not acted on, Eof ends nothing, and the frames of one
 * tick are one write.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type { FromClientEncoded, FromServerEncoded } from "effect/rpc/RpcMessage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import { drainToStdout } from "./DirectOutput.ts"
import { type CallId, parseClientFrame } from "./Envelope.ts"
import { frameExcess } from "./FrameBounds.ts"
import { fitsFrame, frameCapBytes, readFrames } from "./Frames.ts"
import { makeFrameWriter } from "./FrameWriter.ts"
import { makeRequestRouter } from "./RequestRouter.ts"

/** The plugin's end of the pipe to its agent. */
export interface ServerConnection {
  readonly protocol: RpcServer.Protocol["Service"]
  /** From now on, each frame goes to `take` first, with the fiber that has read it. What it does not take goes to Effect's server. */
  readonly intercept: (take: (frame: FromClientEncoded, reader: Fiber.Fiber<unknown, unknown>) => boolean) => void
  /** Sends a frame. Returns the defect that says why it cannot be sent, in the place of which the caller gets it. */
  readonly send: (message: FromServerEncoded) => { readonly defect: unknown } | undefined
  /** Completes when the agent has closed its end and will send nothing more. Dies if reading dies. */
  readonly inputEnded: Effect.Effect<void>
  /** Completes once the input has ended and no call is in flight. */
  readonly idle: Effect.Effect<void>
  /** Ends the output. Completes when the stream has taken all answers that were queued. */
  readonly flush: Effect.Effect<void>
}

const onlyClient = 0

/** What JSON cannot say is a defect. */
const stringify = (message: FromServerEncoded): string | { readonly defect: unknown } => {
  try {
    return JSON.stringify(message)
  } catch (defect) {
    return { defect }
  }
}

/** Connects the Stdio of this process, or of a test, to Effect's RpcServer. */
export const makeServerConnection = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  const writer = yield* makeFrameWriter({ freshLine: true })
  const inputEnded = yield* Deferred.make<void>()
  const idle = yield* Deferred.make<void>()
  const flushed = yield* Deferred.make<void>()
  const disconnects = yield* Queue.make<number>()
  const unanswered = new Set<CallId>()

  let take: Parameters<ServerConnection["intercept"]>[0] = () => false

  const completeIfIdle = (): void => {
    if (unanswered.size === 0 && Deferred.isDoneUnsafe(inputEnded)) Deferred.doneUnsafe(idle, Exit.void)
  }

  const send: ServerConnection["send"] = (message) => {
    const frame = stringify(message)
    if (typeof frame !== "string") return frame
    if (!fitsFrame(frame)) return { defect: `The answer is larger than a frame may be (${frameCapBytes} bytes)` }
    const excess = frameExcess(frame)
    if (excess !== undefined) return { defect: `The answer ${excess}, which a frame may not` }
    writer.write(frame)
    if (message._tag === "Exit") {
      unanswered.delete(message.requestId)
      completeIfIdle()
    }
    return undefined
  }

  const protocol = yield* RpcServer.Protocol.make(
    Effect.fnUntraced(function* (deliver) {
      const route = makeRequestRouter({
        unanswered,
        deliver: (frame) =>
          Effect.withFiber((reader) => (take(frame, reader) ? Effect.void : deliver(onlyClient, frame))),
        answer: (frame) => void writer.write(JSON.stringify(frame)),
      })

      yield* readFrames(stdio.stdin, {
        parse: parseClientFrame,
        onFrame: route,
        // Not shown, because it may hold secrets.
        onJunk: (line) => Effect.logWarning(`A line of ${line.length} characters on stdin is not a frame`),
      }).pipe(
        // However the input ends, the agent will ask this process for nothing more.
        Effect.ignore({ log: true }),
        Effect.exit,
        Effect.flatMap((exit) => Deferred.done(inputEnded, exit)),
        Effect.andThen(Effect.sync(completeIfIdle)),
        Effect.forkScoped,
      )

      yield* drainToStdout(writer, stdio).pipe(
        Effect.ignore({ log: true }),
        Effect.ensuring(Deferred.succeed(flushed, undefined)),
        Effect.forkScoped,
      )

      return {
        disconnects,
        send: (_clientId: number, message: FromServerEncoded) =>
          Effect.suspend(() => {
            const unsent = send(message)
            // Effect's server answers the call with this defect, and interrupts the rest of a stream.
            return unsent === undefined ? Effect.void : Effect.die(unsent.defect)
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
    intercept: (given) => {
      take = given
    },
    send,
    inputEnded: Deferred.await(inputEnded),
    idle: Deferred.await(idle),
    flush: Effect.andThen(writer.end, Deferred.await(flushed)),
  } satisfies ServerConnection
}) satisfies Effect.Effect<ServerConnection, never, Stdio.Stdio | Scope.Scope>
