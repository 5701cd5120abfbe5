/** The handshake: that it is answered, what the answer says, and what the plugin must refuse. */
import * as Effect from "effect/Effect"
import { greet } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { beforeHandshakeChecks } from "./beforeHandshakeChecks.ts"
import { describeCheck } from "./describeCheck.ts"
import { handshakeAnswerChecks } from "./handshakeAnswerChecks.ts"
import { refusalChecks } from "./refusalChecks.ts"

export const handshakeDescriptions = {
  "handshake.answer": {
    section: sections.handshake,
    title: "answers the handshake",
    remedy: "Answer Handshake with a Success that has all the fields of the example in this section.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** Each check has a scope of its own, which ends its process. `canary` is a word that must not be printed. Returns whether the handshake was answered. */
export const handshakeChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  canary: string,
): Effect.fn.Return<boolean> {
  record.addSecret(plugin.cookie)
  const greeting = yield* record.plugin("handshake.answer", Effect.scoped(greet(plugin)))
  // A plugin that does not start would fail each of the others for the same reason.
  if (greeting === undefined) return false
  yield* handshakeAnswerChecks(record, plugin, greeting.answer)
  yield* describeCheck(record, plugin, greeting.answer)
  yield* Effect.scoped(beforeHandshakeChecks(record, plugin))
  yield* refusalChecks(record, plugin, canary)
  return true
})
