/** A plugin that is written by hand, as one in another language: it knows the frames, and nothing of Effect RPC. */
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import { HandshakeRequest } from "../../../src/protocol/Handshake.ts"
import { environment } from "../../../src/protocol/LaunchVariables.ts"
import type { FakeProcess, FakeProgram } from "../../../src/testing/index.ts"
import { parseClientFrame } from "../../../src/transport/Envelope.ts"
import { readFrames } from "../../../src/transport/Frames.ts"

/** Answers each request with these lines, and exits with 0 when stdin ends. `onOther` sees each other frame. */
export const handWritten =
  (
    answer: (request: RequestEncoded, process: FakeProcess) => ReadonlyArray<string>,
    onOther: (frame: { readonly _tag: string }) => void = () => undefined,
  ): FakeProgram =>
  (process) =>
    Stdio.Stdio.use(({ stdin }) =>
      readFrames(stdin, {
        parse: parseClientFrame,
        onFrame: (frame) =>
          frame._tag === "Request"
            ? process.print(
                answer(frame, process)
                  .map((line) => `${line}\n`)
                  .join(""),
              )
            : Effect.sync(() => onOther(frame)),
        onJunk: () => Effect.void,
      }),
    ).pipe(Effect.orDie, Effect.as(0))

export const success = ({ id }: RequestEncoded, value: unknown) =>
  JSON.stringify({ _tag: "Exit", requestId: id, exit: { _tag: "Success", value } })

/** The handshake of the plugin of the suite, as an old or a mistaken plugin changes it. */
export const handshakeOf = (request: RequestEncoded, process: FakeProcess, change: object = {}) =>
  success(request, {
    protocol: 1,
    name: "suite",
    namespace: "Suite",
    version: "1.2.3",
    node: process.spawn.environment[environment.pluginNode],
    cookie: process.spawn.environment[environment.cookie],
    pid: process.pid,
    types: [],
    ...change,
  })

export const decodeHandshakeRequest = Schema.decodeUnknownEffect(HandshakeRequest)
