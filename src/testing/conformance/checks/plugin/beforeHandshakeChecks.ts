import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expectRefusal } from "../../peer/Answer.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import type { Recorder } from "../../report/Recorder.ts"

export const beforeHandshakeDescriptions = {
  "handshake.first": {
    section: sections.handshake,
    title: "refuses any other call before the handshake",
    remedy: "Fail each call before the handshake with ProtocolError.",
  },
  "frames.start": {
    section: sections.frames,
    title: "accepts a byte order mark, and lines that end in CR LF",
    remedy: "Skip U+FEFF at the start of stdin, and a carriage return at the end of a line.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** On one process that never gets a handshake. The byte order mark must be the first thing that it reads. */
export const beforeHandshakeChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
): Effect.fn.Return<void, never, Scope.Scope> {
  const peer = yield* Effect.cached(plugin.peer)
  yield* record.plugin(
    "frames.start",
    Effect.flatMap(peer, ({ pong, write }) => Effect.andThen(write(`\uFEFF{"_tag":"Ping"}\r\n`), pong)),
  )
  yield* record.plugin(
    "handshake.first",
    Effect.gen(function* () {
      const { ask } = yield* peer
      yield* expectRefusal("ProtocolError", yield* ask("Configure", plugin.handshake()["settings"]))
    }),
  )
})
