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
import * as Predicate from "effect/Predicate"
import { constPing, type FromClientEncoded, type FromServerEncoded } from "effect/rpc/RpcMessage"
import * as RpcClient from "effect/rpc/RpcClient"
import { RpcClientDefect, RpcClientError } from "effect/rpc/RpcClientError"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { makeAnswerRouter } from "./AnswerRouter.ts"
import { type CallId, describeJunk, parseServerFrame } from "./Envelope.ts"
import { makeFarewell } from "./Farewell.ts"
import { frameExcess, maxFrameDepth } from "./FrameBounds.ts"
import { fitsFrame, frameCapBytes, type FrameTooLarge, readFrames } from "./Frames.ts"
import { makeFrameWriter } from "./FrameWriter.ts"

/** The agent's end of the pipe to one plugin. */
export interface ClientConnection {
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

/** Whether a call failed because its request cannot be sent: it is too large, nested too deep, or has too many values. Other calls are not affected. */
export const isUnsendable = ({ reason }: RpcClientError): boolean =>
  reason._tag === "RpcClientDefect" &&
  (Predicate.isTagged(reason.cause, "FrameTooLarge") || Predicate.isTagged(reason.cause, "FrameExcess"))

const connectionError = (message: string, cause?: unknown): RpcClientError =>
  new RpcClientError({ reason: new RpcClientDefect({ message, cause: cause ?? message }) })

const describeReadFailure = (error: FrameTooLarge | PlatformError): string =>
  error._tag === "FrameTooLarge"
    ? `The plugin sent a frame of more than ${error.capBytes} bytes`
    : `The plugin's stdout could not be read: ${error.message}`

const encodeFrame = (message: FromClientEncoded): Effect.Effect<string, RpcClientError> => {
  const frame = stringify(message)
  // What takes more stack than there is, is nested too deep as well.
  const excess = frame === undefined ? `is nested more than ${maxFrameDepth} levels deep` : frameExcess(frame)
  if (frame === undefined || excess !== undefined) {
    return Effect.fail(connectionError(`The request ${excess}, which a frame may not`, { _tag: "FrameExcess" }))
  }
  if (fitsFrame(frame)) return Effect.succeed(frame)
  const tooLarge: FrameTooLarge = { _tag: "FrameTooLarge", capBytes: frameCapBytes }
  return Effect.fail(connectionError(`The request is larger than a frame may be (${frameCapBytes} bytes)`, tooLarge))
}

/** Undefined if it takes more stack than there is. */
const stringify = (message: FromClientEncoded): string | undefined => {
  try {
    return JSON.stringify(message)
  } catch {
    return undefined
  }
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

  const protocol = yield* RpcClient.Protocol.make(
    Effect.fnUntraced(function* (deliver) {
      const broadcast = (frame: FromServerEncoded): Effect.Effect<void> => {
        const [only] = clients
        return only !== undefined && clients.size === 1
          ? deliver(only, frame)
          : Effect.forEach(clients, (clientId) => deliver(clientId, frame), { discard: true })
      }

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

      yield* writer.drainInto(stdio.stdout({ endOnDone: true })).pipe(
        Effect.catch((error) =>
          // When a plugin dies, its stdin breaks before its last answers have been read from its stdout.
          Effect.delay(close(`The plugin's stdin could not be written: ${error.message}`), answersGrace),
        ),
        Effect.forkScoped,
      )

      return {
        send: (clientId: number, message: FromClientEncoded) =>
          Effect.suspend(() => {
            if (failure !== undefined) return Effect.fail(failure)
            clients.add(clientId)
            return Effect.flatMap(encodeFrame(message), (frame) => {
              if (message._tag === "Request") unanswered.add(message.id)
              return writer.write(frame)
                ? Effect.void
                : Effect.fail(connectionError("The connection to the plugin is ending"))
            })
          }),
        supportsAck: true,
        supportsTransferables: false,
        codecFor: RpcSerialization.ndjson.codecFor,
      }
    }),
  )

  return {
    protocol,
    end: Effect.andThen(Effect.sync(farewell.begin), writer.end),
    closed: Deferred.await(closed),
    ping: Effect.sync(() => void (failure === undefined && writer.write(pingFrame))),
    framesHeard: () => framesHeard,
  }
})
