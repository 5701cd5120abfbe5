/**
 * The client half of Effect RPC over a Stdio, which Effect does not have.
 * `stdin` is what the plugin writes, `stdout` is what it reads.
 *
 * When the plugin's end closes, every call in flight and every later call fails
 * with an `RpcClientError`: no caller waits for an answer that cannot come.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import { constPing, type FromClientEncoded, type FromServerEncoded } from "effect/rpc/RpcMessage"
import * as RpcClient from "effect/rpc/RpcClient"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { makeAnswerRouter } from "./AnswerRouter.ts"
import { type Asking, makeAskedCalls } from "./AskedCalls.ts"
import { drainToStdout } from "./DirectOutput.ts"
import { type CallId, describeJunk, parseServerFrame } from "./Envelope.ts"
import { makeFarewell } from "./Farewell.ts"
import { type FrameTooLarge, readFrames } from "./Frames.ts"
import { makeFrameWriter } from "./FrameWriter.ts"
import { connectionError, encodeRequest } from "./RequestFrame.ts"

/** The agent's end of the pipe to one plugin. */
export interface ClientConnection extends Asking {
  readonly protocol: RpcClient.Protocol["Service"]
  /** Ends the plugin's stdin once everything queued has been written. Calls in flight may still be answered; streams end. */
  readonly end: Effect.Effect<void>
  /** Completes with the reason when nothing more can be read. */
  readonly closed: Effect.Effect<string>
  /** Asks the plugin for a sign of life. The answer counts in `framesHeard`, like any other frame. */
  readonly ping: Effect.Effect<void>
  /** How many frames the plugin has sent so far. */
  readonly framesHeard: () => number
}

/** What happens to lines that are not frames. */
export interface ClientConnectionOptions {
  /** Called with a description, fit for a log, of each line on the plugin's stdout that is not a frame of this connection. */
  readonly onJunk: (description: string) => Effect.Effect<void>
}

/** How long answers are still read once no more requests can be written. */
const answersGrace = "250 millis"

const pingFrame = JSON.stringify(constPing)

const describeReadFailure = (error: FrameTooLarge | PlatformError): string =>
  error._tag === "FrameTooLarge"
    ? `The plugin sent a frame of more than ${error.capBytes} bytes`
    : `The plugin's stdout could not be read: ${error.message}`

const abilities = { supportsAck: true, supportsTransferables: false, codecFor: RpcSerialization.ndjson.codecFor }

/** The plugin knows nothing of clients, so each of them gets each frame. Most often there is one. */
const toAll =
  (clients: ReadonlySet<number>, deliver: (clientId: number, frame: FromServerEncoded) => Effect.Effect<void>) =>
  (frame: FromServerEncoded): Effect.Effect<void> => {
    const [only] = clients
    return only !== undefined && clients.size === 1
      ? deliver(only, frame)
      : Effect.forEach(clients, (clientId) => deliver(clientId, frame), { discard: true })
  }

/** Connects the Stdio of the context to Effect's RpcClient, until the scope closes. */
export const makeClientConnection = Effect.fnUntraced(function* (
  options: ClientConnectionOptions,
): Effect.fn.Return<ClientConnection, never, Stdio.Stdio | Scope.Scope> {
  const stdio = yield* Stdio.Stdio
  const writer = yield* makeFrameWriter({ freshLine: false })
  const closed = yield* Deferred.make<string>()
  const unanswered = new Set<CallId>()
  /** The clients that have sent something. `deliver` keeps the answers of one that does not listen yet. */
  const clients = new Set<number>()
  let failure: RpcClientError | undefined
  let framesHeard = 0
  const farewell = makeFarewell(() => unanswered.size > 0)

  /** Sends a frame, or says why it cannot be sent. */
  const send = (message: FromClientEncoded): RpcClientError | undefined => {
    if (failure !== undefined) return failure
    const frame = encodeRequest(message)
    if (typeof frame !== "string") return frame
    if (!writer.write(frame)) return connectionError("The connection to the plugin is ending")
    if (message._tag === "Request") unanswered.add(message.id)
    return undefined
  }
  const asked = makeAskedCalls(send)

  const protocol = yield* RpcClient.Protocol.make(
    Effect.fnUntraced(function* (deliver) {
      const deliverToAll = toAll(clients, deliver)
      const broadcast = (frame: FromServerEncoded) => (asked.take(frame) ? Effect.void : deliverToAll(frame))

      const close = (message: string): Effect.Effect<void> =>
        Effect.suspend(() => {
          if (failure !== undefined) return Effect.void
          const error = connectionError(message)
          failure = error
          return Effect.andThen(broadcast({ _tag: "ClientProtocolError", error }), Deferred.succeed(closed, message))
        })

      const route = makeAnswerRouter({
        unanswered,
        broadcast,
        onJunk: options.onJunk,
        interrupt: (requestId) => void writer.write(JSON.stringify({ _tag: "Interrupt", requestId })),
      })

      yield* readFrames(Stream.takeWhile(stdio.stdin, farewell.isRead), {
        parse: parseServerFrame,
        onFrame: (frame) => {
          framesHeard += 1
          return route(frame)
        },
        onJunk: (line) => options.onJunk(describeJunk(line)),
      }).pipe(
        Effect.matchEffect({
          onSuccess: () => close(farewell.describeEnd()),
          onFailure: (error) => close(describeReadFailure(error)),
        }),
        Effect.forkScoped,
      )

      yield* drainToStdout(writer, stdio, { endOnDone: true }).pipe(
        Effect.catch((error) =>
          // When a plugin dies, its stdin breaks before its last answers have been read from its stdout.
          Effect.delay(close(`The plugin's stdin could not be written: ${error.message}`), answersGrace),
        ),
        Effect.forkScoped,
      )

      return {
        ...abilities,
        send: (clientId: number, message: FromClientEncoded) =>
          Effect.suspend(() => {
            clients.add(clientId)
            const unsent = send(message)
            return unsent === undefined ? Effect.void : Effect.fail(unsent)
          }),
      }
    }),
  )

  return {
    protocol,
    nextId: asked.nextId,
    ask: asked.ask,
    giveUp: asked.giveUp,
    end: Effect.andThen(Effect.sync(farewell.begin), writer.end),
    closed: Deferred.await(closed),
    ping: Effect.sync(() => void (failure === undefined && writer.write(pingFrame))),
    framesHeard: () => framesHeard,
  }
})
