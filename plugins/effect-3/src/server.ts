/** The handlers of the calls, on the stdio server of @effect/rpc. */
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import * as RpcServer from "@effect/rpc/RpcServer"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ParseResult from "effect/ParseResult"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { types } from "./board.ts"
import { ask, step } from "./operation.ts"
import {
  type Finished,
  HandshakeRefused,
  HandshakeRequest,
  ListFailed,
  OperationNotSupported,
  PluginRpcs,
  type Progress,
} from "./protocol.ts"
import type { ResourceType } from "./provider.ts"
import { type Level, makeSession, type Session } from "./session.ts"
import { makeWire } from "./wire.ts"

const namespace = "Board"
const protocol = 1

interface Identity {
  readonly cookie: string
  readonly node: string
  readonly pid: number
}

const levelOf = (ordinal: number): Level =>
  ordinal >= 40_000 ? "Error" : ordinal >= 30_000 ? "Warn" : ordinal >= 20_000 ? "Info" : "Debug"

/** Writes a record to stderr (PROTOCOL.md, section 2). */
const writeRecord = (session: Session, level: Level, message: string) => {
  if (session.logs(level)) process.stderr.write(`\n${JSON.stringify({ _log: 1, level, message })}\n`)
}

const recordLogger = (session: Session) =>
  Logger.make(({ logLevel, message }) => {
    writeRecord(session, levelOf(logLevel.ordinal), Array.isArray(message) ? message.join(" ") : String(message))
  })

const answerHandshake = (session: Session, { cookie, node, pid }: Identity, payload: unknown) =>
  Effect.gen(function* () {
    const refuse = (message: string) => Effect.fail(new HandshakeRefused({ message }))
    const request = yield* Schema.decodeUnknown(HandshakeRequest)(payload).pipe(
      Effect.catchAll((error) =>
        refuse(
          `The handshake cannot be read: ${ParseResult.ArrayFormatter.formatErrorSync(error)
            .map(({ path }) => path.join("."))
            .join(", ")}`,
        ),
      ),
    )
    if (request.cookie !== cookie)
      return yield* refuse("The cookie is not the one of this launch: only the agent that started it may use it")
    if (session.hasHandshake()) return yield* refuse("This launch has had its handshake already")
    const { max, min } = request.protocol
    if (protocol < min || protocol > max) {
      const who = max < protocol ? "the agent" : "the plugin effect-3"
      return yield* refuse(`The plugin speaks protocol ${protocol}, the agent ${min} to ${max}: upgrade ${who}`)
    }
    const given = Object.keys(request.config ?? {})
    if (given.length > 0)
      return yield* refuse(
        `The plugin effect-3 has no settings, and was given ${given.join(", ")}: take them out of its configuration`,
      )
    session.configure(request.settings)
    const capabilities = [...types.values()].map((type) => type.capabilities)
    return { protocol, name: "effect-3", namespace, version: "0.1.0", node, cookie, pid, types: capabilities }
  })

const typeOf = (session: Session, operation: string, resourceType: string) =>
  Effect.zipRight(
    session.settings,
    Effect.suspend((): Effect.Effect<ResourceType, OperationNotSupported> => {
      const type = types.get(resourceType)
      const message = `The plugin effect-3 does not know the resource type ${resourceType}`
      return type === undefined ? Effect.fail(new OperationNotSupported({ operation, message })) : Effect.succeed(type)
    }),
  )

const layerHandlers = (session: Session, identity: Identity) => {
  const finished = (progress: Progress): Effect.Effect<Finished> =>
    progress.status === "InProgress" ? Effect.die("A read has one answer") : Effect.succeed(progress)

  return PluginRpcs.toLayer({
    Handshake: (payload) => answerHandshake(session, identity, payload),
    Configure: (settings) =>
      Effect.as(
        Effect.map(session.settings, () => session.configure(settings)),
        null,
      ),
    Create: (request) =>
      Effect.flatMap(typeOf(session, "Create", request.resourceType), (type) =>
        session.start({ tag: "Create", type, subject: request, call: type.create(request) }),
      ),
    Read: (request) =>
      Effect.flatMap(typeOf(session, "Read", request.resourceType), (type) =>
        session
          .begin({ tag: "Read", type, subject: request, call: type.read(request) })
          .pipe(Effect.flatMap((operation) => Effect.flatMap(step(operation), ([progress]) => finished(progress)))),
      ),
    Update: (request) =>
      Effect.flatMap(typeOf(session, "Update", request.resourceType), (type) =>
        session.start({ tag: "Update", type, subject: request, call: type.update(request) }),
      ),
    Delete: (request) =>
      Effect.flatMap(typeOf(session, "Delete", request.resourceType), (type) =>
        session.start({ tag: "Delete", type, subject: request, call: type.delete(request) }),
      ),
    Status: (request) =>
      Effect.flatMap(typeOf(session, "Status", request.resourceType), (type) =>
        session.start({ tag: "Status", type, subject: request, call: type.status(request) }),
      ),
    Recover: (request) =>
      Effect.gen(function* () {
        const type = yield* typeOf(session, "Recover", request.resourceType)
        const settings = yield* session.settings
        return yield* Effect.catchAll(ask(type.recover(request), settings), ({ code, message }) =>
          Effect.succeed({ status: "Unknown", message: `${code}: ${message}` } as const),
        )
      }),
    List: (request) =>
      Effect.gen(function* () {
        const type = yield* typeOf(session, "List", request.resourceType)
        const settings = yield* session.settings
        return yield* Effect.mapError(
          ask(type.list(request), settings),
          ({ code, message }) => new ListFailed({ failure: { code, message } }),
        )
      }),
    Watch: ({ operationId }) => session.watch(operationId),
    Refused: (reason) => Effect.die(reason),
  })
}

/** Serves until stdin ends. `write` writes to the real stdout. */
export const serve = (identity: Identity, write: (frames: string, done: () => void) => void) => {
  const session = makeSession()
  const wire = makeWire({
    serves: (tag) => tag !== "Refused" && PluginRpcs.requests.has(tag),
    // Not shown, because it may hold secrets.
    onJunk: (length) => writeRecord(session, "Warn", `A line of ${length} characters on stdin is not a frame`),
  })
  const written = (frames: string) => Effect.async<void>((resume) => write(frames, () => resume(Effect.void)))

  // The agent has no more work for this plugin, or is dead. Calls in flight have half a second.
  const leave = Effect.sync(wire.inFlight).pipe(
    Effect.repeat({ until: (calls) => calls === 0, schedule: Schedule.spaced("10 millis") }),
    Effect.timeoutOption("500 millis"),
    // Written after all answers: when it is done, so are they.
    Effect.zipRight(written("\n")),
    Effect.zipRight(Effect.sync(() => process.exit(0))),
  )
  const stdin = Stream.fromAsyncIterable<Uint8Array, unknown>(process.stdin, (cause) => cause).pipe(
    Stream.catchAll(() => Stream.empty),
    Stream.concat(Stream.fromEffect(leave)),
  )

  const layer = RpcServer.layer(PluginRpcs, { disableFatalDefects: true, disableTracing: true }).pipe(
    Layer.provide(layerHandlers(session, identity)),
    Layer.provide(
      RpcServer.layerProtocolStdio({
        stdin,
        stdout: Sink.forEach((frames: string | Uint8Array) => written(String(frames))),
      }),
    ),
    Layer.provide(Layer.succeed(RpcSerialization.RpcSerialization, wire.serialization)),
    Layer.provide(Logger.replace(Logger.defaultLogger, recordLogger(session))),
  )
  Effect.runFork(Layer.launch(layer))
}
