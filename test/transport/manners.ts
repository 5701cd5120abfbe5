/**
 * A group of calls that do all that a handler may do, with a client and a server
 * for it, and what both have written.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as Sink from "effect/Sink"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeServerConnection } from "../../src/transport/ServerProtocol.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { clientOf, serverOf, type Sides } from "./echo.ts"

export class Refused extends Schema.TaggedError<Refused>()("Refused", { why: Schema.String }) {}

const name = { name: Schema.String }
const anything: Schema.Codec<unknown, unknown> = Schema.Any

export class MannersRpcs extends RpcGroup.make(
  Rpc.make("Answer", {
    payload: name,
    success: Schema.Struct({ name: Schema.String, at: Schema.optionalKey(Schema.Int) }),
  }),
  Rpc.make("Nothing", { payload: {} }),
  Rpc.make("Date", { payload: { at: Schema.DateTimeUtcFromString }, success: Schema.DateTimeUtcFromString }),
  Rpc.make("Default", {
    payload: { times: Schema.Int.pipe(Schema.withConstructorDefault(Effect.succeed(7))) },
    success: Schema.Int,
  }),
  Rpc.make("Headers", { payload: {}, success: Schema.Record(Schema.String, Schema.String) }),
  Rpc.make("Refuse", { payload: name, error: Refused }),
  Rpc.make("Die", { payload: name }),
  Rpc.make("Throw", { payload: name }),
  /** Answers what its schema does not allow. */
  Rpc.make("Lie", { payload: {}, success: Schema.Int }),
  /** Answers what is no JSON. */
  Rpc.make("Unsayable", { payload: {}, success: anything }),
  Rpc.make("Later", { payload: name, success: Schema.String }),
  /** Gives way, and then promises an answer that never comes. */
  Rpc.make("Promise", { payload: name, success: Schema.String }),
  Rpc.make("Hang", { payload: name }),
  Rpc.make("Steady", { payload: name, success: Schema.String }),
  /** Ends by itself as if it were interrupted. */
  Rpc.make("GiveUp", { payload: {} }),
  Rpc.make("Scoped", { payload: name, success: Schema.String }),
  Rpc.make("Span", { payload: {}, success: Schema.String }),
) {}

/** What the handlers note: their beginnings and ends. */
const layerHandlers = (note: (text: string) => Effect.Effect<void>): Layer.Layer<Handlers> =>
  MannersRpcs.toLayer({
    Answer: ({ name }) => Effect.succeed({ name }),
    Nothing: () => Effect.void,
    Date: ({ at }) => Effect.succeed(at),
    Default: ({ times }) => Effect.succeed(times),
    Headers: (_, { headers }) => Effect.succeed({ ...headers }),
    Refuse: ({ name }) => Effect.fail(new Refused({ why: name })),
    Die: ({ name }) => Effect.die(new TypeError(name)),
    Throw: ({ name }): Effect.Effect<void> => {
      throw new RangeError(name)
    },
    Lie: () => Effect.succeed(1.5),
    Unsayable: () => Effect.succeed(1n),
    Later: ({ name }) =>
      Effect.gen(function* () {
        const later = yield* Deferred.make<string>()
        yield* Effect.forkDetach(Effect.andThen(Effect.yieldNow, Deferred.succeed(later, name)))
        return later
      }),
    Promise: ({ name }) =>
      Effect.as(Effect.andThen(Effect.yieldNow, note(`promised ${name}`)), Deferred.makeUnsafe<string>()),
    Hang: ({ name }) =>
      Effect.andThen(note(`began ${name}`), Effect.never).pipe(Effect.onInterrupt(() => note(`interrupted ${name}`))),
    Steady: ({ name }) =>
      Rpc.uninterruptible(Effect.as(Effect.andThen(note(`began ${name}`), Effect.yieldNow), `${name} ended`)),
    GiveUp: () => Effect.interrupt,
    Scoped: ({ name }) =>
      Effect.as(
        Effect.addFinalizer((exit) => note(`closed ${name}: ${exit._tag}`)),
        name,
      ),
    Span: () =>
      Effect.currentSpan.pipe(
        Effect.map((span) => `${span.name}, parent ${span.parent._tag}`),
        Effect.withSpan("inside"),
        Effect.orDie,
      ),
  })

type Handlers = Rpc.ToHandler<RpcGroup.Rpcs<typeof MannersRpcs>>

/** A client, a server, all lines that went either way, and what the handlers noted. */
export const makeManners = Effect.fnUntraced(function* (sides: Sides) {
  const pair = yield* makeStdioPair
  const notes = yield* Queue.unbounded<string>()
  const lines: Array<string> = []
  const listen = (stdio: Stdio.Stdio, arrow: string) =>
    Stdio.make({
      args: stdio.args,
      stdin: stdio.stdin,
      stdout: (options) =>
        Sink.mapInput(stdio.stdout(options), (chunk: string | Uint8Array) => {
          const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk)
          for (const line of text.split("\n")) if (line !== "") lines.push(`${arrow} ${line}`)
          return chunk
        }),
      stderr: stdio.stderr,
    })
  const server = yield* makeServerConnection.pipe(Effect.provideService(Stdio.Stdio, listen(pair.plugin, "←")))
  const serving = yield* serverOf(MannersRpcs, server, sides.server).pipe(
    Effect.provide(layerHandlers((text) => Effect.asVoid(Queue.offer(notes, text)))),
    Effect.scoped,
    Effect.forkScoped,
  )
  const connection = yield* makeClientConnection({
    onJunk: (line) => Effect.sync(() => lines.push(`junk ${line}`)),
  }).pipe(Effect.provideService(Stdio.Stdio, listen(pair.agent, "→")))
  const client = yield* clientOf(MannersRpcs, connection, sides.client)
  return { client, connection, lines, notes, pair, serving }
})
