/** Connections between the runners of one process, which a test can cut off or hold up for one of them. */
import type * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type { RunnerAddress } from "effect/cluster/RunnerAddress"
import { RpcClientProtocol } from "effect/cluster/Runners"
import * as RpcClient from "effect/rpc/RpcClient"
import { RpcClientDefect, RpcClientError } from "effect/rpc/RpcClientError"
import type { FromClientEncoded, FromServerEncoded } from "effect/rpc/RpcMessage"
import type { CodecFor } from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"

/** The other side is not reached. */
export class LinkCut extends Data.TaggedError("LinkCut")<{}> {}

/** How a runner reaches what is outside of it. */
export interface Link {
  /** Fails while it is cut, and waits while the runner is paused. */
  readonly through: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | LinkCut, R>
  readonly cut: Effect.Effect<void>
  /** The clock of the runner: what sleeps while it is paused wakes up late. */
  readonly clockOf: (clock: Clock.Clock) => Clock.Clock
  readonly pause: Effect.Effect<void>
  /** Ends a cut or a pause. */
  readonly restore: Effect.Effect<void>
}

export const makeLink = (): Link => {
  const running = Latch.makeUnsafe(true)
  let isCut = false
  return {
    through: (effect) =>
      running.whenOpen(
        Effect.flatMap(
          Effect.suspend(() => (isCut ? Effect.fail(new LinkCut()) : Effect.void)),
          () => effect,
        ),
      ),
    cut: Effect.sync(() => void (isCut = true)),
    clockOf: (clock) => ({
      ...boundTo(clock),
      sleep: (duration) => Effect.andThen(clock.sleep(duration), running.await),
    }),
    pause: running.close,
    restore: Effect.suspend(() => {
      isCut = false
      return running.open
    }),
  }
}

/** The methods of a clock may be those of a class. */
const boundTo = (clock: Clock.Clock): Omit<Clock.Clock, "sleep"> => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe(),
  currentTimeMillis: clock.currentTimeMillis,
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
  currentTimeNanos: clock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
})

interface Connection {
  readonly from: Link
  readonly to: string
  readonly answer: (response: FromServerEncoded) => Effect.Effect<void>
}

interface Server {
  readonly link: Link
  readonly receive: (connection: number, data: FromClientEncoded) => Effect.Effect<void>
  readonly gone: Queue.Enqueue<number>
}

const codecFor: CodecFor = Schema.toCodecJson

const lost = () =>
  new RpcClientError({ reason: new RpcClientDefect({ message: "the connection is cut", cause: "cut" }) })

/** What runners of one process have in the place of sockets. */
export const makeTestNetwork = () => {
  const servers = new Map<string, Server>()
  const connections = new Map<number, Connection>()
  const silent = new Set<string>()
  let made = 0

  const serverAt = (link: Link, address: string) =>
    Layer.effect(
      RpcServer.Protocol,
      RpcServer.Protocol.make(
        Effect.fnUntraced(function* (receive) {
          const disconnects = yield* Queue.unbounded<number>()
          servers.set(address, { link, receive, gone: disconnects })
          return {
            disconnects,
            send: (connection, response) => {
              const found = connections.get(connection)
              return found === undefined || silent.has(address)
                ? Effect.void
                : Effect.ignore(link.through(found.from.through(found.answer(response))))
            },
            end: () => Effect.void,
            clientIds: Effect.sync(
              () => new Set([...connections].flatMap(([id, { to }]) => (to === address ? [id] : []))),
            ),
            initialMessage: Effect.succeedNone,
            supportsAck: true,
            supportsTransferables: false,
            supportsSpanPropagation: true,
            supportsNotifications: false,
            codecFor,
          }
        }),
      ),
    )

  const connect = (from: Link, to: string) =>
    RpcClient.Protocol.make(
      Effect.fnUntraced(function* (writeResponse) {
        made += 1
        const id = made
        const clients = new Set<number>()
        const answer = (response: FromServerEncoded) =>
          Effect.forEach(clients, (client) => writeResponse(client, response), { discard: true })
        yield* Effect.acquireRelease(
          Effect.sync(() => void connections.set(id, { from, to, answer })),
          () =>
            Effect.sync(() => {
              connections.delete(id)
              const gone = servers.get(to)?.gone
              if (gone !== undefined) Queue.offerUnsafe(gone, id)
            }),
        )
        return {
          send: (client, request) =>
            Effect.suspend(() => {
              clients.add(client)
              const server = servers.get(to)
              if (server === undefined) return Effect.fail(lost())
              return from
                .through(server.link.through(server.receive(id, JSON.parse(JSON.stringify(request)))))
                .pipe(Effect.catchTag("LinkCut", () => Effect.fail(lost())))
            }),
          supportsAck: true,
          supportsTransferables: false,
          codecFor,
        }
      }),
    )

  return {
    serverAt,
    clientFrom: (link: Link) =>
      Layer.succeed(
        RpcClientProtocol,
        RpcClientProtocol.of({ codecFor, make: ({ host, port }: RunnerAddress) => connect(link, `${host}:${port}`) }),
      ),
    /** What this one answers meanwhile is lost, and nobody is told so. */
    whileSilent: <A, E, R>(address: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.acquireUseRelease(
        Effect.sync(() => silent.add(address)),
        () => effect,
        () => Effect.sync(() => silent.delete(address)),
      ),
    /** What was asked over a connection that is cut is not answered. */
    breakConnections: (address: string) =>
      Effect.forEach(
        [...connections.values()].filter(({ to }) => to === address),
        ({ answer }) => answer({ _tag: "ClientProtocolError", error: lost() }),
        { discard: true },
      ),
  }
}
