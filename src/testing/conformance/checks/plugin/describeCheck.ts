/** What a plugin says about its types when it is asked for their schemas, if it offers that. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { TypeDescriptions } from "../../../../protocol/Description.ts"
import { describeFeature } from "../../../../protocol/Features.ts"
import type { HandshakeResponse } from "../../../../protocol/Handshake.ts"
import { describeIssue } from "../../../../protocol/Issue.ts"
import { describeAnswer, expectRefusal } from "../../peer/Answer.ts"
import { greet } from "../../peer/greet.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"

export const describeDescriptions = {
  "calls.describe": {
    section: sections.calls,
    title: "describes its types as the handshake of an older agent has them",
    remedy:
      "Answer Describe with `schema` and `targetSchema` of each type, the same that are in the handshake of an agent without the feature.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** `older` is its answer to an agent that does not know the feature. */
export const describeCheck = (record: Recorder, plugin: PluginUnderTest, older: HandshakeResponse) =>
  record.plugin("calls.describe", Effect.scoped(describesTypes(plugin, older)))

const decodeDescriptions = Schema.decodeUnknownResult(TypeDescriptions, { errors: "all" })

const describesTypes = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  older: HandshakeResponse,
): Effect.fn.Return<void, Finding, Scope.Scope> {
  if (older.features?.includes(describeFeature) !== true) return yield* skip("it does not know the call")
  const { peer } = yield* greet(plugin, { features: [describeFeature] })
  const answer = yield* peer.ask("Describe", { types: older.types.map(({ type }) => type) })
  if (answer._tag !== "Value") return yield* mismatch("a Success of Describe", describeAnswer(answer))
  const decoded = decodeDescriptions(answer.value)
  if (decoded._tag === "Failure") {
    return yield* mismatch("a schema for each type", describeIssue(decoded.failure.issue))
  }
  const described = new Map(decoded.success.types.map(({ type, ...schemas }) => [type, schemas]))
  for (const { schema, targetSchema, type } of older.types) {
    if (schema === undefined) {
      return yield* mismatch("schemas in the handshake of an agent without the feature", `none of ${type}`)
    }
    const wanted = { schema, ...(targetSchema !== undefined && { targetSchema }) }
    if (!Equal.equals(described.get(type), wanted)) {
      return yield* mismatch(`the schemas of ${type} as in the handshake`, described.has(type) ? "others" : "none")
    }
  }
  const unknown = `${plugin.entry.manifest.namespace}::No::SuchType`
  yield* expectRefusal("OperationNotSupported", yield* peer.ask("Describe", { types: [unknown] }))
})
