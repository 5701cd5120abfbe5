/** What drafts add to a document: resources, and a parameter for each of their secrets. */
import type * as Schema from "effect/Schema"
import type { DraftedResource } from "../../agent/index.ts"
import type { Addition } from "./writeResources.ts"

/** The name of the parameter that a secret gets. */
const parameterFor = (label: string, property: string): string =>
  `${label}-${property}`.slice(-100).replace(/^[-\d]+/, "")

/** What is written into a document for drafts. */
export const additionOf = (drafts: ReadonlyArray<DraftedResource>): Addition => {
  const parameters: Record<string, Schema.Json> = {}
  const resources = drafts.map(({ label, properties, secrets, target, type }) => {
    const given = secrets.map((property) => {
      const name = parameterFor(label, property)
      parameters[name] = { type: "string", secret: true, description: `${property} of ${label}` }
      return [property, { $param: name }] as const
    })
    return { label, type, target, properties: { ...properties, ...Object.fromEntries(given) } }
  })
  return { resources, parameters }
}
