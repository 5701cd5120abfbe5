/** Two Stdios connected to each other in memory: a pipe without processes. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"

/** Both ends of a pipe. */
export interface StdioPair {
  readonly agent: Stdio.Stdio
  readonly plugin: Stdio.Stdio
  /** Closes both directions, as it happens when the plugin's process dies. */
  readonly sever: Effect.Effect<void>
}

const encoder = new TextEncoder()
const toBytes = (chunk: string | Uint8Array): Uint8Array => (typeof chunk === "string" ? encoder.encode(chunk) : chunk)

/** Makes a pipe with an end for the agent and an end for the plugin. */
export const makeStdioPair: Effect.Effect<StdioPair> = Effect.gen(function* () {
  const toPlugin = yield* Queue.unbounded<Uint8Array, Cause.Done>()
  const toAgent = yield* Queue.unbounded<Uint8Array, Cause.Done>()

  const end = (read: Queue.Dequeue<Uint8Array, Cause.Done>, write: Queue.Queue<Uint8Array, Cause.Done>) =>
    Stdio.make({
      args: Effect.succeed([]),
      stdin: Stream.fromQueue(read),
      stdout: (options) =>
        Sink.forEach((chunk: string | Uint8Array) => Queue.offer(write, toBytes(chunk))).pipe(
          Sink.ensuring(options?.endOnDone === true ? Queue.end(write) : Effect.void),
        ),
      stderr: () => Sink.drain,
    })

  return {
    agent: end(toAgent, toPlugin),
    plugin: end(toPlugin, toAgent),
    sever: Effect.andThen(Queue.end(toPlugin), Queue.end(toAgent)),
  }
})
