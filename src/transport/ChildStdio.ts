/**
 * A child process as an ordinary Stdio, seen from the parent: what the child
 * writes is `stdin`, what it reads is `stdout`. So the same protocol code runs
 * in the child, in the agent and in memory.
 */
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"
import * as Effect from "effect/Effect"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { type DirectOutput, withDirectOutput } from "./DirectOutput.ts"

const encoder = new TextEncoder()

/** By the sink, which all handles of one process have in common. */
const inputs = new WeakMap<ChildProcessHandle["stdin"], DirectOutput>()

/** Remembers how to write to the stdin of this process, so that `fromHandle` needs no sink. */
export const keepStdin = (handle: ChildProcessHandle, input: DirectOutput | undefined): void => {
  if (input !== undefined) inputs.set(handle.stdin, input)
}

/** The Stdio of the parent's side of this process. */
export const fromHandle = (handle: ChildProcessHandle): Stdio.Stdio => {
  const stdio = Stdio.make({
    args: Effect.succeed([]),
    stdin: handle.stdout,
    stdout: () =>
      Sink.mapInput(handle.stdin, (chunk: string | Uint8Array) =>
        typeof chunk === "string" ? encoder.encode(chunk) : chunk,
      ),
    stderr: () => Sink.drain,
  })
  const input = inputs.get(handle.stdin)
  return input === undefined ? stdio : withDirectOutput(stdio, input)
}
