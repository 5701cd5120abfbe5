/** What a plugin must refuse: a wrong cookie, an agent that is too new or too old, unknown settings, no agent at all. */
import * as Effect from "effect/Effect"
import { describeAnswer, expectRefusal } from "../../peer/Answer.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { describeExit } from "../../peer/RawExit.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, warning } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"

export const refusalDescriptions = {
  "handshake.wrongCookie": {
    section: sections.handshake,
    title: "refuses a wrong cookie",
    remedy: "Compare the cookie of the request with FORMAE_NETWORK_COOKIE, and answer HandshakeRefused if they differ.",
  },
  "handshake.newerAgent": {
    section: sections.handshake,
    title: "refuses an agent that is too new, and says to upgrade the plugin",
    remedy:
      "Answer HandshakeRefused with a sentence that ends in `upgrade the plugin` if the agent's range is above yours.",
  },
  "handshake.olderAgent": {
    section: sections.handshake,
    title: "refuses an agent that is too old, and says to upgrade the agent",
    remedy:
      "Answer HandshakeRefused with a sentence that ends in `upgrade the agent` if the agent's range is below yours.",
  },
  "handshake.config": {
    section: sections.handshake,
    title: "accepts settings, or refuses them by name and without their values",
    remedy: "Answer HandshakeRefused with a message such as `endpoint: is missing`; a value may be a secret.",
  },
  "process.noCookie": {
    section: sections.process,
    title: "says on stderr that an agent has to start it, and exits with 64",
    remedy: "If FORMAE_NETWORK_COOKIE is not set, write one line to stderr and exit with code 64.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** Each on a process of its own, which its scope ends. `canary` is the value of a setting that no plugin knows. */
export const refusalChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  canary: string,
): Effect.fn.Return<void> {
  yield* record.plugin(
    "handshake.wrongCookie",
    Effect.scoped(refusedHandshake(plugin, { cookie: `not-${plugin.cookie}` })),
  )
  yield* record.plugin("handshake.newerAgent", Effect.scoped(refusedVersion(plugin, 1_000_000, "plugin")))
  yield* record.plugin("handshake.olderAgent", Effect.scoped(refusedVersion(plugin, 0, "agent")))
  yield* record.plugin("handshake.config", Effect.scoped(unknownConfig(plugin, canary)))
  yield* record.plugin("process.noCookie", Effect.scoped(noCookie(plugin)))
})

/** The message with which a handshake is refused. */
const refusedHandshake = Effect.fnUntraced(function* (
  { handshake, peer }: PluginUnderTest,
  differs: Parameters<PluginUnderTest["handshake"]>[0],
) {
  const { ask } = yield* peer
  return yield* expectRefusal("HandshakeRefused", yield* ask("Handshake", handshake(differs)))
})

const refusedVersion = Effect.fnUntraced(function* (plugin: PluginUnderTest, version: number, who: "agent" | "plugin") {
  const message = yield* refusedHandshake(plugin, { protocol: { min: version, max: version } })
  if (!upgradeOf(who).test(message)) return yield* mismatch(`a sentence that says to upgrade the ${who}`, message)
})

/** Upgrade or update, and then whom. */
const upgradeOf = (who: "agent" | "plugin") => new RegExp(`(upgrad|updat)\\w*[^.;]*\\b${who}\\b`, "i")

/** Settings that no plugin knows, and an empty object, which means the same as no settings. */
const unknownConfig = Effect.fnUntraced(function* (plugin: PluginUnderTest, canary: string) {
  if (!Object.hasOwn(plugin.handshake(), "config")) {
    const empty = yield* Effect.flatMap(plugin.peer, ({ ask }) => ask("Handshake", plugin.handshake({ config: {} })))
    if (empty._tag !== "Value") return yield* mismatch("a Success when `config` is empty", describeAnswer(empty))
  }
  const peer = yield* plugin.peer
  const answer = yield* peer.ask("Handshake", plugin.handshake({ config: { formaeUnknownSetting: canary } }))
  if (answer._tag === "Value") return { note: "it accepts settings that it does not know" }
  const message = yield* expectRefusal("HandshakeRefused", answer)
  return message.includes(canary) || plugin.printed().some((line) => line.includes(canary))
    ? yield* mismatch("a message without the values of the settings", message)
    : { note: message }
})

const noCookie = Effect.fnUntraced(function* ({ limits, peerWithoutCookie }: PluginUnderTest) {
  const peer = yield* peerWithoutCookie
  const exit = yield* Effect.mapError(peer.exit(limits.answerMillis), ({ expected, seen }) => warning(expected, seen))
  if (exit.code !== 64) return yield* warning("exit code 64", describeExit(exit))
  if (peer.stderr().trim() === "") return yield* warning("a line on stderr that says why", "nothing")
})
