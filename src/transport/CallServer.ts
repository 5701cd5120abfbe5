/**
 * Effect's RpcServer, whose calls with one answer take no fiber but that of their
 * handler: a request is decoded and begun where it is read, and its answer is
 * written where the handler ends. The frames are the same. Streams, and all that
 * is out of the ordinary, are left to Effect's own server.
 */
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Headers from "effect/http/Headers"
import * as Rpc from "effect/rpc/Rpc"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import { type FromClientEncoded, type RequestEncoded, RequestId } from "effect/rpc/RpcMessage"
import * as RpcSchema from "effect/rpc/RpcSchema"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Scope from "effect/Scope"
import { type CallCodecs, callsWithOneAnswer, isDone } from "./CallCodecs.ts"
import type { CallId } from "./Envelope.ts"
import type { ServerConnection } from "./ServerProtocol.ts"
import { CallTracer, inCallersTrace } from "./Tracing.ts"

/** One of the calls, with what it takes to serve it. */
interface ServedCall {
  readonly rpc: Rpc.AnyWithProps
  readonly codecs: CallCodecs
  readonly handler: Rpc.Handler<string>
}

type Result = Exit.Exit<unknown, unknown>

/** Serves the handlers of `group` on this connection, and runs until it is interrupted. */
export const serveCalls = Effect.fnUntraced(function* <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
  connection: ServerConnection,
): Effect.fn.Return<never, never, Rpc.ToHandler<Rpcs> | Rpc.Middleware<Rpcs> | Rpc.ServicesServer<Rpcs> | Scope.Scope> {
  const services = yield* Effect.context<never>()
  const calls = new Map<string, ServedCall>()
  for (const [tag, codecs] of callsWithOneAnswer(group)) {
    const rpc = group.requests.get(tag) as unknown as Rpc.AnyWithProps
    const handler = Context.getOrUndefined(services, Context.Service<Rpc.Handler<string>>(rpc.key))
    if (handler !== undefined) calls.set(tag, { rpc, codecs, handler })
  }
  const ofEffect = yield* RpcServer.make(group, { disableFatalDefects: true, disableTracing: true }).pipe(
    Effect.provideService(RpcServer.Protocol, connection.protocol),
    Effect.forkScoped,
  )
  // Afterwards, so that it stops before: Effect's server ends the output when it stops.
  yield* serveDirectly(calls, connection)
  return yield* Fiber.join(ofEffect)
}, Effect.scoped)

const serveDirectly = Effect.fnUntraced(function* (
  calls: ReadonlyMap<string, ServedCall>,
  connection: ServerConnection,
): Effect.fn.Return<void, never, Scope.Scope> {
  const client = new Rpc.ServerClient(0)
  const tracer = yield* CallTracer
  const contextOf = makeContexts()
  const fibers = new Map<CallId, Fiber.Fiber<unknown, unknown>>()
  let stopped = false
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      stopped = true
      return Fiber.interruptAll(fibers.values())
    }),
  )

  const run = (requestId: CallId, context: Context.Context<never>, effect: Effect.Effect<unknown, unknown>): void => {
    const fiber = Effect.runForkWith(context)(effect)
    if (fiber.pollUnsafe() !== undefined) return
    fibers.set(requestId, fiber)
    fiber.addObserver(() => {
      // A handler that has promised its answer has a second fiber, which waits for that.
      if (fibers.get(requestId) === fiber) fibers.delete(requestId)
    })
    if (stopped) fiber.interruptUnsafe()
  }

  const serve = (call: ServedCall, request: RequestEncoded, payload: unknown, reader: Context.Context<never>): void => {
    const { codecs, handler, rpc } = call
    const scope = Scope.makeUnsafe()
    const context = inCallersTrace(Context.add(contextOf(handler, reader), Scope.Scope, scope), tracer, request)
    const respond = (exit: Result): Effect.Effect<void> => {
      if (exit._tag === "Success" && Deferred.isDeferred(exit.value)) {
        run(
          request.id,
          context,
          Effect.onExit(Deferred.await(exit.value), (late) => answer(late)),
        )
        return Effect.void
      }
      return answer(exit)
    }
    const answer = (exit: Result) => answerCall(connection, { rpc, codecs, requestId: request.id, context }, exit)
    const result = begin(call, {
      rpc,
      client,
      requestId: RequestId(request.id),
      headers: Headers.fromInput(request.headers),
      payload,
    })
    run(
      request.id,
      context,
      Effect.onExit(result, (exit) => {
        const answered = respond(exit)
        const closing = Scope.closeUnsafe(scope, exit)
        return closing === undefined ? answered : Effect.ensuring(answered, closing)
      }),
    )
  }

  connection.intercept((frame, reader) => {
    if (frame._tag === "Interrupt") {
      const fiber = fibers.get(frame.requestId)
      fiber?.interruptUnsafe(reader.id, RpcSchema.ClientAbort.annotation)
      return fiber !== undefined
    }
    const call = isPlain(frame) && !stopped ? calls.get(frame.tag) : undefined
    if (call === undefined) return false
    const request = frame as RequestEncoded
    const payload = call.codecs.decodePayload(request.payload)
    // Effect's server says what is wrong with it.
    if (!isDone(payload)) return false
    serve(call, request, payload.value, reader.context)
    return true
  })
})

const isPlain = (frame: FromClientEncoded): frame is RequestEncoded =>
  frame._tag === "Request" && frame.isNotification !== true && frame.discard !== true

/** What the handler gives. One that throws is a defect of its call. */
const begin = (
  { handler }: ServedCall,
  about: Parameters<Rpc.Handler<string>["handler"]>[1] & { readonly payload: unknown },
): Effect.Effect<unknown, unknown> => {
  try {
    const result: unknown = handler.handler(about.payload, about)
    const unwrapped = Rpc.isWrapper(result as object) ? (result as Rpc.Wrapper<unknown>) : undefined
    if (unwrapped === undefined) return result as Effect.Effect<unknown, unknown>
    const effect = unwrapped.value as Effect.Effect<unknown, unknown>
    return unwrapped.uninterruptible ? Effect.uninterruptible(effect) : effect
  } catch (defect) {
    return Effect.die(defect)
  }
}

/** The context of a handler on top of that of the reader, made once for each pair. */
const makeContexts = () => {
  const known = new Map<Rpc.Handler<string>, { reader: Context.Context<never>; merged: Context.Context<never> }>()
  return (handler: Rpc.Handler<string>, reader: Context.Context<never>): Context.Context<never> => {
    const last = known.get(handler)
    if (last?.reader === reader) return last.merged
    const merged = Context.merge(handler.context, reader)
    known.set(handler, { reader, merged })
    return merged
  }
}

interface AnsweredCall {
  readonly rpc: Rpc.AnyWithProps
  readonly codecs: CallCodecs
  readonly requestId: CallId
  readonly context: Context.Context<never>
}

const answerCall = (connection: ServerConnection, call: AnsweredCall, exit: Result): Effect.Effect<void> => {
  if (exit._tag === "Failure") return Effect.andThen(ErrorReporter.report(exit.cause), sendExit(connection, call, exit))
  const { codecs, requestId } = call
  const encoded = codecs.encodeSuccess(exit.value)
  if (!isDone(encoded)) return sendExit(connection, call, exit)
  const unsent = connection.send({ _tag: "Exit", requestId, exit: { _tag: "Success", value: encoded.value } })
  return unsent === undefined ? Effect.void : sendDefect(connection, call, unsent.defect)
}

const sendExit = (connection: ServerConnection, call: AnsweredCall, exit: Result): Effect.Effect<void> =>
  call.codecs.encodeExit(exit).pipe(
    Effect.provideContext(call.context),
    Effect.catch((error) => {
      const cause = Cause.die(`Failed to encode response for RPC "${call.rpc._tag}": ${error.message}`)
      return Effect.andThen(ErrorReporter.report(cause), Effect.failCause(cause))
    }),
    Effect.flatMap((encoded) =>
      connection.protocol.send(0, { _tag: "Exit", requestId: call.requestId, exit: encoded }),
    ),
    Effect.catchCause((cause) => sendDefect(connection, call, Cause.squash(cause))),
  )

/** Answers the call with a defect of its own. */
const sendDefect = (connection: ServerConnection, call: AnsweredCall, defect: unknown): Effect.Effect<void> =>
  call.codecs.encodeExit(Exit.die(defect)).pipe(
    Effect.orDie,
    Effect.flatMap((exit) => connection.protocol.send(0, { _tag: "Exit", requestId: call.requestId, exit })),
  )
