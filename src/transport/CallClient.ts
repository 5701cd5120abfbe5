/**
 * Effect's RpcClient, whose calls with one answer take no fiber: a call is
 * encoded and written where it is made, and a function waits for its answer.
 * The frames are the same. Streams, and all that is out of the ordinary, are
 * left to Effect's own client.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import type { RequestId } from "effect/rpc/RpcMessage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { EndOfCall } from "./AskedCalls.ts"
import { beginCall, makeCall } from "./BegunCall.ts"
import { type CallCodecs, callsWithOneAnswer, isDone } from "./CallCodecs.ts"
import type { ClientConnection } from "./ClientProtocol.ts"
import { traceFieldsOf } from "./Tracing.ts"

type Answer = Effect.Effect<unknown, unknown>
type Method = (payload: unknown, options?: object) => Answer
type OnEnd = (answer: Answer) => void

/** How calls are made. */
export interface CallClientOptions {
  /** Whether calls with one answer name the trace of their caller. */
  readonly namesTraces: () => boolean
}

/** A client of `group` on this connection, until the scope closes. */
export const makeCallClient = Effect.fnUntraced(function* <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
  connection: ClientConnection,
  options: CallClientOptions = { namesTraces: () => false },
): Effect.fn.Return<RpcClient.RpcClient<Rpcs, RpcClientError>, never, Rpc.MiddlewareClient<Rpcs> | Scope.Scope> {
  const client = yield* RpcClient.make(group, { disableTracing: true, generateRequestId: connection.nextId }).pipe(
    Effect.provideService(RpcClient.Protocol, connection.protocol),
  )
  const methods = client as unknown as Record<string, Method>
  const callWith = yield* makeDirectCalls(connection, options)
  for (const [tag, codecs] of callsWithOneAnswer(group)) {
    const method = methods[tag]
    if (method !== undefined) methods[tag] = callWith(tag, codecs, method)
  }
  return client
})

const makeDirectCalls = Effect.fnUntraced(function* (connection: ClientConnection, { namesTraces }: CallClientOptions) {
  const open = new Map<RequestId, OnEnd>()
  let closed = false
  yield* Effect.addFinalizer(() =>
    Effect.withFiber((fiber) => {
      closed = true
      for (const [id, onEnd] of open) {
        open.delete(id)
        connection.giveUp(id)
        onEnd(Exit.interrupt(fiber.id))
      }
      return Effect.void
    }),
  )

  const begin = (request: DirectRequest, onEnd: OnEnd): Effect.Effect<void> => {
    const { codecs, headers, payload, tag, trace } = request
    const id = connection.nextId()
    const failure = connection.ask({ _tag: "Request", id, tag, payload, ...trace, headers }, (end) => {
      if (open.delete(id)) onEnd(answerTo(codecs, end))
    })
    if (failure !== undefined) {
      onEnd(Exit.fail(failure))
      return Effect.void
    }
    open.set(id, onEnd)
    return Effect.sync(() => {
      if (open.delete(id)) connection.giveUp(id)
    })
  }

  return (tag: string, codecs: CallCodecs, method: Method): Method =>
    (payload, options) =>
      options !== undefined
        ? method(payload, options)
        : makeCall((onEnd, caller) => {
            const encoded = codecs.encodePayload(payload)
            // Effect's client says what is wrong with a payload, and adds what is left out.
            if (closed || !isDone(encoded)) return beginWith(method(payload), caller, onEnd)
            const headers = Object.entries(caller.getRef(RpcClient.CurrentHeaders))
            const trace = namesTraces() ? traceFieldsOf(caller) : undefined
            return begin({ tag, codecs, payload: encoded.value, headers, trace }, onEnd)
          })
})

const beginWith = (call: Answer, caller: Fiber.Fiber<unknown, unknown>, onEnd: OnEnd): Effect.Effect<void> => {
  let giveUp: Effect.Effect<void> = Effect.void
  beginCall(call, caller, { onEnd, onBegun: (given) => (giveUp = given) })
  return giveUp
}

interface DirectRequest {
  readonly tag: string
  readonly codecs: CallCodecs
  /** Encoded. */
  readonly payload: unknown
  readonly headers: ReadonlyArray<[string, string]>
  readonly trace: ReturnType<typeof traceFieldsOf> | undefined
}

const decodeDefect = Schema.decodeUnknownSync(RpcSerialization.ndjson.codecFor(Schema.Defect()))

/** What the caller gets. A schema that throws costs that call, and not the reader that tells of its end. */
const answerTo = (codecs: CallCodecs, end: EndOfCall): Answer => {
  try {
    return answerOf(codecs, end)
  } catch (defect) {
    return Exit.die(defect)
  }
}

/** An answer that cannot be read is a defect of its call. */
const answerOf = (codecs: CallCodecs, end: EndOfCall): Answer => {
  switch (end._tag) {
    case "ClientProtocolError":
      return Exit.fail(end.error)
    case "Defect":
      return Exit.die(decodeDefect(end.defect))
    case "Exit": {
      const { exit } = end
      if (exit._tag === "Success" && Object.hasOwn(exit, "value")) {
        const decoded = codecs.decodeSuccess(exit.value)
        if (isDone(decoded)) return decoded
      }
      return Effect.flatten(Effect.orDie(codecs.decodeExit(exit)))
    }
  }
}
