/**
 * Keeps the real stdout of a plugin's process for frames. Importing this module
 * seals stdout, so nothing that is imported after it can print there: from then
 * on, `console.log`, `process.stdout` and everything that prints through them
 * write to stderr. The one leak left is native code that writes to descriptor 1
 * by itself, and the agent treats what it writes as junk.
 *
 * Only a process that an agent launched is sealed. A test, or a host that links
 * a plugin in, keeps its stdout.
 */
import * as Effect from "effect/Effect"
import { systemError } from "effect/PlatformError"
import * as NodeSink from "@effect/platform-node/NodeSink"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import { Writable } from "node:stream"
import { environment } from "../protocol/LaunchVariables.ts"

const realStdout = process.stdout
const writeFrame = realStdout.write.bind(realStdout)

if (process.env[environment.cookie] !== undefined) {
  realStdout.write = process.stderr.write.bind(process.stderr)
  Object.defineProperty(process, "stdout", { configurable: true, enumerable: true, get: () => process.stderr })
}

/** The only way to the real stdout. A write is done when the operating system has taken the bytes. */
const wire = new Writable({
  decodeStrings: false,
  write: (chunk: string | Uint8Array, _encoding, done) => {
    writeFrame(chunk, (error) => done(error ?? null))
  },
})

const onError = (method: string) => (cause: unknown) => systemError({ module: "Stdio", method, _tag: "Unknown", cause })

/** This process's Stdio, with stdout sealed. */
export const sealedStdio: Stdio.Stdio = Stdio.make({
  args: Effect.sync(() => process.argv.slice(2)),
  stdin: NodeStream.fromReadable({ evaluate: () => process.stdin, onError: onError("stdin"), closeOnDone: false }),
  stdout: () => NodeSink.fromWritable({ evaluate: () => wire, onError: onError("stdout"), endOnDone: true }),
  stderr: () => Sink.drain,
})
