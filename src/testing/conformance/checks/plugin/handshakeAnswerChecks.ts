/** Compares what a plugin says about itself in the handshake with its manifest and its launch. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as SemVer from "effect/SemVer"
import { chooseProtocol, type HandshakeResponse, supportedProtocol } from "../../../../protocol/Handshake.ts"
import { canonicalizeFeature, lastReadFeature, namingFeature, pathsFeature } from "../../../../protocol/Features.ts"
import { namespaceKey, namespaceOf } from "../../../../protocol/Identity.ts"
import { tokensOf } from "../../../../protocol/PathTree.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { expectThat, mismatch, warning } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { checkNaming } from "./namingCheck.ts"
import { checkPatterns } from "./patternCheck.ts"

export const handshakeAnswerDescriptions = {
  "handshake.cookie": {
    section: sections.handshake,
    title: "returns the cookie of the launch",
    remedy: "Return the value of FORMAE_NETWORK_COOKIE as `cookie`.",
  },
  "handshake.namespace": {
    section: sections.handshake,
    title: "serves the namespace of its manifest",
    remedy: "Give the same namespace in the handshake as in formae-plugin.json.",
  },
  "handshake.identity": {
    section: sections.handshake,
    title: "has the name, version and node of its manifest",
    remedy: "Give the name and version of formae-plugin.json, and the value of FORMAE_PLUGIN_NODE as `node`.",
  },
  "handshake.protocol": {
    section: sections.handshake,
    title: "chooses the highest protocol that both speak",
    remedy: "Answer with the highest version that is in both ranges; yours is in the manifest.",
  },
  "handshake.types": {
    section: sections.handshake,
    title: "describes its resource types",
    remedy:
      "Give each type once, in the plugin's own namespace, with traits for each property of its schema and for each output.",
  },
  "handshake.features": {
    section: sections.handshake,
    title: "announces the features that it uses",
    remedy:
      "Name `paths`, `canonicalize` and `naming` in `features` if a type has those fields, declare paths of its properties only, and do not require features of the agent.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const handshakeAnswerChecks = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  answer: HandshakeResponse,
): Effect.fn.Return<void> {
  const { manifest } = plugin.entry
  yield* record.plugin(
    "handshake.cookie",
    expectThat(answer.cookie === plugin.cookie, mismatch("the value of FORMAE_NETWORK_COOKIE", "another value")),
  )
  yield* record.plugin(
    "handshake.namespace",
    expectThat(
      namespaceKey(answer.namespace) === namespaceKey(manifest.namespace),
      mismatch(manifest.namespace, answer.namespace),
    ),
  )
  const protocol = chooseProtocol(supportedProtocol, manifest.protocol)
  yield* record.plugin(
    "handshake.protocol",
    expectThat(answer.protocol === protocol, mismatch(`${protocol}`, `${answer.protocol}`)),
  )
  const declared = identityText(manifest.name, SemVer.format(manifest.version), plugin.pluginNode)
  const said = identityText(answer.name, answer.version, answer.node)
  yield* record.plugin("handshake.identity", expectThat(declared === said, warning(declared, said)))
  yield* record.plugin("handshake.types", checkTypes(manifest.namespace, answer))
  yield* record.plugin("handshake.features", checkFeatures(answer))
  yield* record.plugin("handshake.patterns", checkPatterns(answer))
  yield* record.plugin("handshake.naming", checkNaming(answer))
})

const identityText = (name: string, version: string, node: string): string => `${name} ${version} at ${node}`

const checkFeatures = Effect.fnUntraced(function* ({ features = [], types }: HandshakeResponse) {
  for (const { canonicalizes = false, naming, paths, properties, takesLastRead = false, type } of types) {
    const used = [
      ...(paths === undefined ? [] : [pathsFeature]),
      ...(canonicalizes ? [canonicalizeFeature] : []),
      ...(naming === undefined ? [] : [namingFeature]),
      ...(takesLastRead ? [lastReadFeature] : []),
    ].filter((feature) => !features.includes(feature))
    if (used.length > 0) return yield* mismatch(`the features that ${type} uses`, `no ${used.join(", ")}`)
    const stray = Object.keys(paths ?? {}).filter((path) => {
      const [name = ""] = tokensOf(path)
      return !Object.hasOwn(properties, name)
    })
    if (stray.length > 0) return yield* mismatch("paths of declared properties", `${type}: ${stray.join(", ")}`)
  }
})

const checkTypes = Effect.fnUntraced(function* (namespace: string, { types }: HandshakeResponse) {
  if (types.length === 0) return yield* warning("a resource type", "none")
  for (const [index, { properties, schema = {}, type }] of types.entries()) {
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
      return yield* mismatch("traits for each property of the schema and for each output", `${type}: ${odd.join(", ")}`)
    }
  }
})
