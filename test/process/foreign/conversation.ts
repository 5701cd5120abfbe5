/** A plugin's process that the test talks to frame by frame, as no agent would. */
import { assert } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { environment } from "../../../src/protocol/LaunchVariables.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../../src/protocol/Settings.ts"

type Id = number | string

export interface Exit {
  readonly _tag: "Success" | "Failure"
  readonly value?: unknown
  readonly cause?: ReadonlyArray<Readonly<Record<string, unknown>>>
}

interface Frame {
  readonly _tag: string
  readonly requestId: Id
  readonly exit: Exit
  readonly values: ReadonlyArray<unknown>
}

const cookie = "the cookie of the test"

/** Retries and polls without delay, so that no test waits for time to pass. */
export const withoutDelays: OperatorSettings = {
  ...defaultOperatorSettings,
  retry: { maxRetries: 1_000_000, baseMillis: 1, capMillis: 1 },
  poll: { baseMillis: 1, factor: 1, capMillis: 1 },
}

export const greeting = {
  protocol: { min: 1, max: 1 },
  agentVersion: "0.1.0",
  agentNode: "agent@localhost",
  generation: 1,
  cookie,
  settings: withoutDelays,
}

const killGroup = (child: ChildProcess) => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
  } catch {
    // The group has ended already.
  }
}

/** Starts the plugin in a process group of its own, which is killed when the scope closes. */
const start = (entry: string, variables: Readonly<Record<string, string | undefined>>) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [entry], {
        detached: true,
        stdio: ["pipe", "pipe", "pipe"],
        env: {
          ...process.env,
          [environment.agentNode]: "agent@localhost",
          [environment.pluginNode]: "it-plugin@localhost",
          [environment.cookie]: cookie,
          ...variables,
        },
      }),
    ),
    (child) => Effect.sync(() => killGroup(child)),
  )

/** Everything that the plugin sends, by the call that it belongs to. */
const receive = Effect.fnUntraced(function* (child: ChildProcessWithoutNullStreams) {
  const exits = new Map<Id, Deferred.Deferred<Exit>>()
  const exitOf = (id: Id) => {
    const known = exits.get(id) ?? Deferred.makeUnsafe<Exit>()
    exits.set(id, known)
    return known
  }
  const streams = new Map<Id, Queue.Queue<unknown>>()
  const streamOf = (id: Id) => {
    const known = streams.get(id)
    if (known !== undefined) return Effect.succeed(known)
    return Effect.tap(Queue.unbounded<unknown>(), (made) => Effect.sync(() => streams.set(id, made)))
  }
  const exitCounts = new Map<Id, number>()
  const chunks = yield* Queue.unbounded<Frame>()
  yield* Queue.take(chunks).pipe(
    Effect.flatMap(({ requestId, values }) =>
      Effect.flatMap(streamOf(requestId), (stream) => Queue.offerAll(stream, values)),
    ),
    Effect.forever,
    Effect.forkScoped,
  )
  const pongs = yield* Queue.unbounded<void>()
  const ended = yield* Deferred.make<{ readonly code: number | null; readonly signal: string | null }>()
  const logged: Array<string> = []

  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line === "") return
    const frame: Frame = JSON.parse(line)
    if (frame._tag === "Exit") {
      exitCounts.set(frame.requestId, (exitCounts.get(frame.requestId) ?? 0) + 1)
      Deferred.doneUnsafe(exitOf(frame.requestId), Effect.succeed(frame.exit))
    }
    if (frame._tag === "Chunk") Queue.offerUnsafe(chunks, frame)
    if (frame._tag === "Pong") Queue.offerUnsafe(pongs, undefined)
  })
  createInterface({ input: child.stderr }).on("line", (line) => void logged.push(line))
  child.on("close", (code, signal) => Deferred.doneUnsafe(ended, Effect.succeed({ code, signal })))

  return {
    answer: (id: Id) => Deferred.await(exitOf(id)),
    /** Whether the call has been answered already. */
    isAnswered: (id: Id) => Deferred.isDoneUnsafe(exitOf(id)),
    /** How many Exits the call has had. */
    exitsOf: (id: Id) => exitCounts.get(id) ?? 0,
    /** The next value that the call streams. */
    nextOf: (id: Id) => Effect.flatMap(streamOf(id), Queue.take),
    hasMoreOf: (id: Id) => Effect.map(Effect.flatMap(streamOf(id), Queue.size), (size) => size > 0),
    pong: Queue.take(pongs),
    ended: Deferred.await(ended),
    /** The lines of stderr so far. */
    logged,
  }
})

/** Starts the plugin and talks to it. `variables` replace variables of its environment. */
export const converse = Effect.fnUntraced(function* (
  entry: string,
  variables: Readonly<Record<string, string | undefined>> = {},
) {
  const child = yield* start(entry, variables)
  child.stdin.on("error", () => {})
  const { pong, ...received } = yield* receive(child)

  let last = 0
  const write = (text: string | Uint8Array) => Effect.sync(() => void child.stdin.write(text))
  const send = (...frames: ReadonlyArray<object>) =>
    write(`${frames.map((frame) => JSON.stringify(frame)).join("\n")}\n`)
  const request = (tag: string, payload: unknown, id: Id = (last += 1)) => ({
    _tag: "Request",
    id,
    tag,
    payload,
    headers: [],
  })
  const ack = (requestId: Id) => send({ _tag: "Ack", requestId })
  const call = (tag: string, payload: unknown, id: Id = (last += 1)) =>
    Effect.andThen(send(request(tag, payload, id)), received.answer(id))

  return {
    ...received,
    pid: child.pid ?? 0,
    ack,
    call,
    request,
    send,
    write,
    /** Takes all values of a call that streams, and returns the last one. */
    toItsEnd: Effect.fnUntraced(function* (requestId: Id) {
      let progress = yield* received.nextOf(requestId)
      while (Object(progress).status === "InProgress") {
        yield* ack(requestId)
        progress = yield* received.nextOf(requestId)
      }
      yield* ack(requestId)
      assert.deepEqual(yield* received.answer(requestId), { _tag: "Success", value: null })
      return progress
    }),
    /** A sign of life. The plugin has handled every frame that was sent before it. */
    ping: Effect.andThen(send({ _tag: "Ping" }), pong),
    greet: Effect.suspend(() => call("Handshake", greeting)),
    endInput: Effect.sync(() => child.stdin.end()),
    signal: (signal: NodeJS.Signals) => Effect.sync(() => child.kill(signal)),
  }
})
