/**
 * Keeps the real stdout of a plugin's process for frames. Once it is sealed,
 * nothing else can print there: `console.log`, `process.stdout` and everything
 * that prints through them write to stderr. The one leak left is native code
 * that writes to descriptor 1 by itself, and the agent treats what it writes as
 * junk.
 */
import * as Effect from "effect/Effect"
import { type PlatformError, systemError } from "effect/PlatformError"
import * as NodeStream from "@effect/platform-node-shared/NodeStream"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { withDirectOutput } from "./DirectOutput.ts"

type WriteStdout = typeof process.stdout.write

/** Where the way to the real stdout is kept. Another copy of this package in the process may have sealed it. */
const key = Symbol.for("formae/transport/SealedStdout")
const shared = globalThis as { [key]?: WriteStdout }

/** Seals stdout, once, and returns the only way to the real one. */
export const sealStdout = (): WriteStdout => {
  const sealed = shared[key]
  if (sealed !== undefined) return sealed
  const real = process.stdout
  const write = real.write.bind(real)
  // The writer gets the error, and without a listener it would end the process too.
  real.on("error", () => {})
  shared[key] = write
  real.write = process.stderr.write.bind(process.stderr)
  Object.defineProperty(process, "stdout", { configurable: true, enumerable: true, get: () => process.stderr })
  return write
}

const onError = (method: string) => (cause: unknown) => systemError({ module: "Stdio", method, _tag: "Unknown", cause })

/** Seals stdout, and returns this process's Stdio, whose stdout is the real one. */
export const makeSealedStdio = (): Stdio.Stdio => {
  const write = sealStdout()
  const stdio = Stdio.make({
    args: Effect.sync(() => process.argv.slice(2)),
    stdin: NodeStream.fromReadable({ evaluate: () => process.stdin, onError: onError("stdin"), closeOnDone: false }),
    // A write is done when the operating system has taken the bytes.
    stdout: () =>
      Sink.forEach((chunk: string | Uint8Array) =>
        Effect.callback<void, PlatformError>((resume) => {
          write(chunk, (error) => resume(error ? Effect.fail(onError("stdout")(error)) : Effect.void))
        }),
      ),
    stderr: () => Sink.drain,
  })
  return withDirectOutput(stdio, { write, end: () => {} })
}
