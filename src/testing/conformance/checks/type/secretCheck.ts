/** Whether the secrets of a type were anywhere they must not be, in the whole run. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { TypeCapabilities } from "../../../../protocol/Resource.ts"
import { ownValue } from "../../../../protocol/ownValue.ts"
import type { Traces } from "../../peer/Traces.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { show } from "../../report/show.ts"
import { secretsIn } from "../../samples/secretsIn.ts"
import type { Subject } from "../../samples/Subject.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const secretDescriptions = {
  "type.secrets": {
    section: sections.duties,
    title: "keeps secret properties out of its log, its errors and its answers",
    remedy: "Name a property in a message, never its value; leave write-only properties out of the answers.",
  },
} as const satisfies Descriptions<TypeCheckId>

const opaqueOf = ({ properties }: TypeCapabilities): ReadonlyArray<string> =>
  Object.keys(properties).filter((name) => properties[name]?.opaque === true)

/** Sends a secret in a wrong place: the error must not quote it. */
export const provokeErrors = Effect.fnUntraced(function* ({
  calls,
  nextOperationId,
  subject: { capabilities, specimen },
}: ResourceTest): Effect.fn.Return<void> {
  const { properties } = specimen()
  for (const name of opaqueOf(capabilities)) {
    const [secret] = secretsIn({ [name]: properties[name] ?? "" }, capabilities)
    if (secret === undefined) continue
    yield* Effect.ignore(calls.create(nextOperationId(), { ...properties, [name]: { wrong: secret } }))
  }
})

/** To be run after the last process has ended, when all output has been read. */
export const secretCheck = (
  record: Recorder,
  { capabilities, secrets: known, type }: Subject,
  traces: Traces,
  printed: () => ReadonlyArray<string>,
): Effect.Effect<unknown> =>
  record.type(
    type,
    "type.secrets",
    Effect.gen(function* () {
      if (opaqueOf(capabilities).length === 0) return yield* skip("it has no secret property")
      const secrets = known()
      if (secrets.length === 0) return yield* skip("its sample has no secret of 8 characters or more")
      const holding = (text: string) => secrets.some((secret) => text.includes(secret))
      const line = printed().find(holding)
      if (line !== undefined) return yield* mismatch("no secret in what it prints", show(line))
      for (const { operation, value } of traces.answers()) {
        const rest = JSON.stringify(withoutOwnSecrets(value, capabilities)) ?? ""
        if (holding(rest)) return yield* mismatch(`no secret in an answer to ${operation}`, show(rest))
      }
      return undefined
    }),
  )

/** An answer without the one place where a secret may be: its own property, if that can be read. */
const withoutOwnSecrets = (answer: unknown, { properties }: TypeCapabilities): unknown => {
  if (!Predicate.hasProperty(answer, "properties") || !Predicate.isObject(answer.properties)) return answer
  const kept = Object.entries(answer.properties).filter(([name]) => {
    const traits = ownValue(properties, name)
    return traits === undefined || !traits.opaque || traits.writeOnly
  })
  return { ...answer, properties: Object.fromEntries(kept) }
}
