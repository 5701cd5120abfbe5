/** A small group of calls with its server and its client, to test the transport. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeServerConnection } from "../../src/transport/ServerProtocol.ts"
import { makeStdioPair, type StdioPair } from "../../src/transport/StdioPair.ts"

export class EchoRpcs extends RpcGroup.make(
  Rpc.make("Echo", { payload: { text: Schema.String }, success: Schema.String }),
  /** Answers with `text`, repeated. */
  Rpc.make("Repeat", { payload: { text: Schema.String, times: Schema.Int }, success: Schema.String }),
  Rpc.make("RepeatStream", {
    payload: { text: Schema.String, times: Schema.Int },
    success: Schema.String,
    stream: true,
  }),
  Rpc.make("Count", { payload: { to: Schema.Int }, success: Schema.Int, stream: true }),
  Rpc.make("Hang", { payload: { name: Schema.String } }),
  Rpc.make("Break", { payload: {} }),
) {}

/** A client on the agent's end of a pair, and the junk it has read. */
export const makeClient = Effect.fnUntraced(function* (pair: StdioPair) {
  const junk: Array<string> = []
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.sync(() => void junk.push(line)) }).pipe(
    Effect.provideService(Stdio.Stdio, pair.agent),
  )
  const client = yield* RpcClient.make(EchoRpcs, { disableTracing: true }).pipe(
    Effect.provideService(RpcClient.Protocol, connection.protocol),
  )
  return { client, connection, junk }
})

/** A client with a test in place of its plugin, which writes byte by byte. */
export const makePlayed = Effect.gen(function* () {
  const pair = yield* makeStdioPair
  const requests = yield* Queue.unbounded<{
    readonly _tag: string
    readonly id?: string
    readonly requestId?: string | undefined
  }>()
  yield* pair.plugin.stdin.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.runForEach((line) => Queue.offer(requests, JSON.parse(line))),
    Effect.forkScoped,
  )
  const write = (output: string | Uint8Array) => Stream.run(Stream.succeed(output), pair.plugin.stdout())
  return { ...(yield* makeClient(pair)), pair, requests, write }
})

export const answerTo = (id: string | undefined, value: unknown) =>
  JSON.stringify({ _tag: "Exit", requestId: id, exit: { _tag: "Success", value } })

/** A client and a server. `hangs` has what happened to each `Hang`. */
export const makeEcho = Effect.gen(function* () {
  const pair = yield* makeStdioPair
  const hangs = yield* Queue.unbounded<string>()
  const server = yield* makeServerConnection.pipe(Effect.provideService(Stdio.Stdio, pair.plugin))
  const handlers = EchoRpcs.toLayer({
    Echo: ({ text }) => Effect.succeed(text),
    Repeat: ({ text, times }) => Effect.succeed(text.repeat(times)),
    RepeatStream: ({ text, times }) => Stream.make("first", text.repeat(times), "last"),
    Count: ({ to }) => Stream.range(1, to),
    Hang: ({ name }) =>
      Effect.andThen(Queue.offer(hangs, `started ${name}`), Effect.never).pipe(
        Effect.onInterrupt(() => Queue.offer(hangs, `interrupted ${name}`)),
      ),
    Break: () => Effect.die(new TypeError("broken")),
  })
  yield* RpcServer.make(EchoRpcs, { disableFatalDefects: true, disableTracing: true }).pipe(
    Effect.provideService(RpcServer.Protocol, server.protocol),
    Effect.provide(handlers),
    Effect.forkScoped,
  )
  return { ...(yield* makeClient(pair)), pair, server, hangs }
})
