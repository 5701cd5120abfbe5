/** The handshake as PROTOCOL.md has it, and the ways in which it is to be refused. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as SemVer from "effect/SemVer"
import { chooseProtocol, type HandshakeResponse, supportedProtocol } from "../../../../protocol/Handshake.ts"
import { namespaceKey, namespaceOf } from "../../../../protocol/Identity.ts"
import { warning, mismatch } from "../../report/Finding.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { describeAnswer, expectRefusal } from "../../peer/Answer.ts"
import { greet } from "../../peer/greet.ts"
import { describeExit } from "../../peer/RawExit.ts"
import type { Recorder } from "../../report/Recorder.ts"

/** What each check of the handshake's answer says of it. */
const checkAnswer = Effect.fnUntraced(function* (plugin: PluginUnderTest, record: Recorder, answer: HandshakeResponse) {
  const { manifest } = plugin.entry
  const is = (expected: string, seen: string) =>
    expected === seen ? Effect.void : Effect.fail(mismatch(expected, seen))
  yield* record.plugin(
    "handshake.cookie",
    answer.cookie === plugin.cookie
      ? Effect.void
      : Effect.fail(mismatch("the value of FORMAE_NETWORK_COOKIE", "another value")),
  )
  yield* record.plugin(
    "handshake.namespace",
    namespaceKey(answer.namespace) === namespaceKey(manifest.namespace)
      ? Effect.void
      : Effect.fail(mismatch(manifest.namespace, answer.namespace)),
  )
  yield* record.plugin(
    "handshake.protocol",
    is(`${chooseProtocol(supportedProtocol, manifest.protocol)}`, `${answer.protocol}`),
  )
  const identity = (name: string, version: string, node: string) => `${name} ${version} at ${node}`
  const declared = identity(manifest.name, SemVer.format(manifest.version), plugin.pluginNode)
  const said = identity(answer.name, answer.version, answer.node)
  yield* record.plugin("handshake.identity", declared === said ? Effect.void : Effect.fail(warning(declared, said)))
  yield* record.plugin("handshake.types", checkTypes(manifest.namespace, answer))
})

const checkTypes = Effect.fnUntraced(function* (namespace: string, { types }: HandshakeResponse) {
  if (types.length === 0) return yield* warning("a resource type", "none")
  for (const [index, { properties, schema, type }] of types.entries()) {
    if (types.findIndex((one) => one.type === type) !== index) return yield* mismatch("each type once", `${type} twice`)
    if (namespaceKey(namespaceOf(type)) !== namespaceKey(namespace)) {
      return yield* mismatch(`types of the namespace ${namespace}`, type)
    }
    const declared = Predicate.isObject(schema["properties"]) ? Object.keys(schema["properties"]) : undefined
    const odd = declared && [
      ...declared.filter((name) => !Object.hasOwn(properties, name)).map((name) => `${name} has no traits`),
      ...Object.keys(properties)
        .filter((name) => properties[name]?.output === false && !declared.includes(name))
        .map((name) => `${name} is not in the schema`),
    ]
    if (odd !== undefined && odd.length > 0) {
      return yield* mismatch("traits for the properties of the schema, and of outputs", `of ${type}: ${odd.join(", ")}`)
    }
  }
})

/** Upgrade or update, and then who. */
const saysToUpgrade = (who: "agent" | "plugin") => new RegExp(`(upgrad|updat)\\w*[^.;]*\\b${who}\\b`, "i")

/** A handshake that is to be refused, each in a process of its own. */
const refuses = (plugin: PluginUnderTest, differs: Parameters<PluginUnderTest["handshake"]>[0]) =>
  Effect.gen(function* () {
    const peer = yield* plugin.peer
    const answer = yield* peer.ask("Handshake", plugin.handshake(differs))
    const message = yield* expectRefusal("HandshakeRefused", answer)
    return { message, peer }
  })

const refusesVersion = (plugin: PluginUnderTest, version: number, who: "agent" | "plugin") =>
  Effect.gen(function* () {
    const { message } = yield* refuses(plugin, { protocol: { min: version, max: version } })
    if (!saysToUpgrade(who).test(message)) return yield* mismatch(`a sentence that says to upgrade the ${who}`, message)
  })

const noCookie = (plugin: PluginUnderTest) =>
  Effect.gen(function* () {
    const peer = yield* plugin.peerWithoutCookie
    const exit = yield* Effect.mapError(peer.exit(plugin.limits.answerMillis), ({ expected, seen }) =>
      warning(expected, seen),
    )
    if (exit.code !== 64) return yield* warning("exit code 64", describeExit(exit))
    if (peer.stderr().trim() === "") return yield* warning("a line on stderr that says why", "nothing")
  })

/** Settings that no plugin knows of, and an empty object, which is as good as none. */
const config = (plugin: PluginUnderTest, canary: string) =>
  Effect.gen(function* () {
    if (!Object.hasOwn(plugin.handshake(), "config")) {
      const empty = yield* Effect.flatMap(plugin.peer, ({ ask }) => ask("Handshake", plugin.handshake({ config: {} })))
      if (empty._tag !== "Value") return yield* mismatch("a Success where `config` is empty", describeAnswer(empty))
    }
    const peer = yield* plugin.peer
    const answer = yield* peer.ask("Handshake", plugin.handshake({ config: { formaeUnknownSetting: canary } }))
    if (answer._tag === "Value") return { note: "it accepts settings that it does not know" }
    const message = yield* expectRefusal("HandshakeRefused", answer)
    return message.includes(canary) || plugin.printed().some((line) => line.includes(canary))
      ? yield* mismatch("a message without the values of the settings", message)
      : { note: message }
  })

/** On one process, which has no handshake. The byte order mark must be the first that it reads. */
const beforeHandshake = Effect.fnUntraced(function* (plugin: PluginUnderTest, record: Recorder) {
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

/** Each in a scope of its own, so that its process goes with it. */
export const handshakeChecks = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  record: Recorder,
  canary: string,
): Effect.fn.Return<void> {
  record.addSecret(plugin.cookie)
  const made = yield* record.plugin("handshake.answer", Effect.scoped(greet(plugin)))
  // A plugin that does not start would be told the same of each of the others.
  if (made === undefined) return
  yield* checkAnswer(plugin, record, made.answer)
  yield* Effect.scoped(beforeHandshake(plugin, record))
  yield* record.plugin("handshake.wrongCookie", Effect.scoped(refuses(plugin, { cookie: `not-${plugin.cookie}` })))
  yield* record.plugin("handshake.newerAgent", Effect.scoped(refusesVersion(plugin, 1_000_000, "plugin")))
  yield* record.plugin("handshake.olderAgent", Effect.scoped(refusesVersion(plugin, 0, "agent")))
  yield* record.plugin("handshake.config", Effect.scoped(config(plugin, canary)))
  yield* record.plugin("process.noCookie", Effect.scoped(noCookie(plugin)))
})
