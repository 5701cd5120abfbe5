/**
 * The mirror: a child process handle as an ordinary Stdio, seen from the
 * parent. What the child writes is `stdin`, what it reads is `stdout`. One
 * protocol then runs in the child, in the agent, and in memory.
 */
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"
import * as Effect from "effect/Effect"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"

const encoder = new TextEncoder()

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
