/** How to write to the stdout of a Stdio without a sink, where that is known. */
import * as Effect from "effect/Effect"
import type { PlatformError } from "effect/PlatformError"
import type * as Stdio from "effect/Stdio"
import type { FrameWriter, Write } from "./FrameWriter.ts"

export interface DirectOutput {
  readonly write: (...args: Parameters<Write>) => unknown
  /** Run when everything has been written and nothing more will be. */
  readonly end: () => unknown
}

const outputs = new WeakMap<Stdio.Stdio, DirectOutput>()

/** The Stdio itself. */
export const withDirectOutput = (stdio: Stdio.Stdio, output: DirectOutput): Stdio.Stdio => {
  outputs.set(stdio, output)
  return stdio
}

/** Moves frames to the stdout of this Stdio. Completes once the writer has ended and everything is written; then it ends the stdout if that is asked for. */
export const drainToStdout = (
  writer: FrameWriter,
  stdio: Stdio.Stdio,
  options?: { readonly endOnDone: boolean },
): Effect.Effect<void, PlatformError> => {
  const output = outputs.get(stdio)
  return output === undefined
    ? writer.drainInto(stdio.stdout(options))
    : Effect.andThen(
        writer.drainBy((text, done) => output.write(text, done)),
        Effect.sync(() => output.end()),
      )
}
