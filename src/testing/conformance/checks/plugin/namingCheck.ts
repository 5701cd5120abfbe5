/** Whether the names that the rules of a plugin make are names to its own schemas. */
import * as Effect from "effect/Effect"
import { makeName } from "../../../../agent/forma/MadeName.ts"
import { schemaCheckFor } from "../../../../agent/forma/SchemaCheck.ts"
import type { HandshakeResponse } from "../../../../protocol/Handshake.ts"
import { OperationId } from "../../../../protocol/Identity.ts"
import { isNamingFit } from "../../../../protocol/isNamingFit.ts"
import type { Naming } from "../../../../protocol/Naming.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"

export const namingDescriptions = {
  "handshake.naming": {
    section: sections.handshake,
    title: "has rules for names that its own schemas accept",
    remedy:
      "Give `naming` for a property that is `createOnly` and no secret, with letters, separator, length and endings that its schema accepts.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const checkNaming = Effect.fnUntraced(function* ({ types }: HandshakeResponse): Effect.fn.Return<void, Finding> {
  const check = yield* schemaCheckFor(types.flatMap(({ schema }) => (schema === undefined ? [] : [schema])))
  for (const described of types) {
    const { naming, schema = {}, type } = described
    if (naming === undefined) continue
    if (!isNamingFit(described)) {
      return yield* mismatch("a name that is createOnly and no secret", `${type}: ${naming.property}`)
    }
    for (const given of propertiesFor(naming)) {
      for (const [forma, label] of origins) {
        const name = makeName(naming, { forma, label, operationId }, given)
        const { issues } = check(schema, { ...given, [naming.property]: name })
        const issue = issues.find(({ path }) => path[0] === naming.property)
        if (issue !== undefined || name.length > naming.maxLength) {
          return yield* mismatch(
            "a name that its schema accepts",
            `${type}: ${show(name)}: ${issue?.message ?? "is too long"}`,
          )
        }
      }
    }
  }
})

const operationId = OperationId.make("0190a7e2-0000-7000-8000-000000000000")

/** Documents and labels as people write them, and as they might. */
const origins = [
  ["shop", "pictures"],
  ["Shop@prod", "Pictures_of_the_day"],
  ["2026", "_1"],
  ["aws-amzn-sg-default", "sg-1"],
  ["\u4e00\u00e9 x", "x"],
  ["d".repeat(200), "l".repeat(1_024)],
] as const

/** What decides about the ending of a name: nothing, and each value that does. */
const propertiesFor = ({ endings = [] }: Naming): ReadonlyArray<Properties> => [
  {},
  ...endings.map(({ property, value }) => ({ [property]: value })),
]
