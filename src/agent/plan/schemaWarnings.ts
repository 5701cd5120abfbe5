/** Tells of what the schemas of plugins leave open: what takes too much work to check, and texts that are not in their format. */
import * as Effect from "effect/Effect"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { formatIssue, formatPath } from "../../protocol/Issue.ts"
import type { FormaDocument, FormaResource } from "../forma/FormaDocument.ts"
import type { TypeFindings } from "../forma/TypeCheck.ts"

/** The schemas by which a forma is checked. */
export const schemasOf = (
  { resources }: FormaDocument,
  find: (type: FormaResource["type"]) => TypeCapabilities | undefined,
): ReadonlyArray<Properties> =>
  [...new Set(resources.map(({ type }) => type))].flatMap((type) => {
    const { schema, targetSchema } = find(type) ?? {}
    return [schema, targetSchema].filter((one) => one !== undefined)
  })

/** Makes what warns of each schema and of each doubt once: a document is checked again when it is applied. */
export const makeSchemaWarnings = () => {
  const told = new WeakSet<Properties>()
  const doubted = new Set<string>()
  return Effect.fnUntraced(function* ({ doubts, givenUp }: TypeFindings) {
    for (const { at, schema, type } of givenUp) {
      if (told.has(schema)) continue
      told.add(schema)
      yield* Effect.logWarning(
        `The schema of ${type} takes too much work to check, and was given up at ${formatPath(at)}. ` +
          "What it says there is not checked beforehand; the plugin checks it itself.",
      )
    }
    for (const doubt of doubts.map(formatIssue)) {
      if (doubted.has(doubt) || doubted.size >= mostDoubts) continue
      doubted.add(doubt)
      yield* Effect.logWarning(`${doubt}. Formats are hints, so the plugin decides whether it takes the value.`)
    }
  })
}

/** An agent may stay for long, and remembers what it has told. */
const mostDoubts = 1000
