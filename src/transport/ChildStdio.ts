/**
 * A child process as an ordinary Stdio, seen from the parent: what the child
 * writes is `stdin`, what it reads is `stdout`. So the same protocol code runs
 * in the child, in the agent and in memory.
 */
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"
import * as Effect from "effect/Effect"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"

const encoder = new TextEncoder()

/** The Stdio of the parent's side of this process. */
export const fromHandle = (handle: ChildProcessHandle): Stdio.Stdio =>
  Stdio.make({
    args: Effect.succeed([]),
    stdin: handle.stdout,
    stdout: () =>
      Sink.mapInput(handle.stdin, (chunk: string | Uint8Array) =>
        typeof chunk === "string" ? encoder.encode(chunk) : chunk,
      ),
    stderr: () => Sink.drain,
  })
