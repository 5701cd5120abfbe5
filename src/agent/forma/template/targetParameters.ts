/** What a document itself says about the parameters that its targets are made of. */
import { isRecord } from "../../../protocol/isRecord.ts"
import { asSecret } from "./textOfValue.ts"
import { findNeeds } from "./Needs.ts"

/** The names of the parameters in a value, such as what is under `targets`. */
const namesIn = (value: unknown): ReadonlyArray<string> =>
  findNeeds(value).needs.flatMap(({ placeholder }) => (placeholder._tag === "Param" ? [placeholder.name] : []))

/**
 * Their defaults by name, null where there is none; a secret one is `{ $secret: value }`.
 * `declared` is what the document has under `parameters`.
 */
export const targetParameters = (targets: unknown, declared: unknown): Readonly<Record<string, unknown>> => {
  const known = new Map(isRecord(declared) ? Object.entries(declared) : [])
  return Object.fromEntries(
    [...new Set(namesIn(targets))].toSorted().flatMap((name) => {
      if (!known.has(name)) return []
      const one = known.get(name)
      const value = (isRecord(one) ? one["default"] : undefined) ?? null
      return [[name, isRecord(one) && one["secret"] === true ? asSecret(value) : value]]
    }),
  )
}
