/** Tells of schemas of plugins that take too much work to be checked in the agent. */
import * as Effect from "effect/Effect"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { formatPath } from "../../protocol/Issue.ts"
import type { FormaDocument, FormaResource } from "../forma/FormaDocument.ts"
import type { GivenUp } from "../forma/FormaCheck.ts"

/** The schemas by which a forma is checked. */
export const schemasOf = (
  { resources }: FormaDocument,
  find: (type: FormaResource["type"]) => TypeCapabilities | undefined,
): ReadonlyArray<Properties> =>
  [...new Set(resources.map(({ type }) => type))].flatMap((type) => {
    const capabilities = find(type)
    if (capabilities === undefined) return []
    const { schema, targetSchema } = capabilities
    return targetSchema === undefined ? [schema] : [schema, targetSchema]
  })

/** Makes what warns of each schema once: a document is checked again when it is applied. */
export const makeSchemaWarnings = () => {
  const told = new WeakSet<Properties>()
  return Effect.fnUntraced(function* (givenUp: ReadonlyArray<GivenUp>) {
    for (const { at, schema, type } of givenUp) {
      if (told.has(schema)) continue
      told.add(schema)
      yield* Effect.logWarning(
        `The schema of ${type} takes too much work to check, and was given up at ${formatPath(at)}. ` +
          "What it says there is not checked beforehand; the plugin checks it itself.",
      )
    }
  })
}
