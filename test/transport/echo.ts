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
import { makeCallClient } from "../../src/transport/CallClient.ts"
import { serveCalls } from "../../src/transport/CallServer.ts"
import { type ClientConnection, makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeServerConnection, type ServerConnection } from "../../src/transport/ServerProtocol.ts"
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

/** Whose code makes the calls and answers them: that of this project, or Effect's own. */
export interface Sides {
  readonly client: "ours" | "Effect's"
  readonly server: "ours" | "Effect's"
}

export const ours: Sides = { client: "ours", server: "ours" }

/** Each client with each server: on the wire they are all the same. */
export const allSides: ReadonlyArray<Sides> = [
  ours,
  { client: "Effect's", server: "ours" },
  { client: "ours", server: "Effect's" },
  { client: "Effect's", server: "Effect's" },
]

export const clientOf = <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
  connection: ClientConnection,
  side: Sides["client"],
) =>
  side === "ours"
    ? makeCallClient(group, connection)
    : RpcClient.make(group, { disableTracing: true }).pipe(
        Effect.provideService(RpcClient.Protocol, connection.protocol),
      )

export const serverOf = <Rpcs extends Rpc.Any>(
  group: RpcGroup.RpcGroup<Rpcs>,
  connection: ServerConnection,
  side: Sides["server"],
) =>
  side === "ours"
    ? serveCalls(group, connection)
    : RpcServer.make(group, { disableFatalDefects: true, disableTracing: true }).pipe(
        Effect.provideService(RpcServer.Protocol, connection.protocol),
      )

/** A client on the agent's end of a pair, and the junk it has read. */
export const makeClient = Effect.fnUntraced(function* (pair: StdioPair, side: Sides["client"] = "ours") {
  const junk: Array<string> = []
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.sync(() => void junk.push(line)) }).pipe(
    Effect.provideService(Stdio.Stdio, pair.agent),
  )
  const client = yield* clientOf(EchoRpcs, connection, side)
  return { client, connection, junk }
})

/** A client with a test in place of its plugin, which writes byte by byte. */
export const makePlayed = Effect.fnUntraced(function* (side: Sides["client"]) {
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
  return { ...(yield* makeClient(pair, side)), pair, requests, write }
})

export const answerTo = (id: string | undefined, value: unknown) =>
  JSON.stringify({ _tag: "Exit", requestId: id, exit: { _tag: "Success", value } })

/** A client and a server. `hangs` has what happened to each `Hang`. */
export const makeEcho = Effect.fnUntraced(function* (sides: Sides) {
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
  yield* Effect.forkScoped(Effect.provide(serverOf(EchoRpcs, server, sides.server), handlers))
  return { ...(yield* makeClient(pair, sides.client)), pair, server, hangs }
})
