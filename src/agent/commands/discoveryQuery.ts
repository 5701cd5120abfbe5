/** What a discovery is asked for by tags and properties, and how what it finds is called. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"

/** Values by the name of a tag or of a property. A `*` in a value stands for any characters. */
export type DiscoveryQuery = Readonly<Record<string, string>>

const tagProperties = ["Tags", "tags", "Labels", "labels", "Metadata", "metadata"]

/** The tags in properties, in the forms in which providers write them. */
const tagsIn = (properties: Properties): ReadonlyArray<readonly [string, Schema.Json]> =>
  tagProperties.flatMap((name): ReadonlyArray<readonly [string, Schema.Json]> => {
    const tags = ownValue(properties, name)
    if (isRecord(tags)) return Object.entries(tags)
    if (!Array.isArray(tags)) return []
    return tags.flatMap((tag: Schema.Json) => {
      if (!isRecord(tag)) return []
      const [key, value] = [
        ownValue(tag, "Key") ?? ownValue(tag, "key"),
        ownValue(tag, "Value") ?? ownValue(tag, "value"),
      ]
      return typeof key === "string" ? [[key, value ?? ""] as const] : []
    })
  })

/** Whether a text is as a pattern says, in a time that both lengths bound. */
const fits = (text: string, pattern: string): boolean => {
  const [first = "", ...rest] = pattern.split("*")
  const last = rest.pop()
  if (last === undefined) return text === pattern
  if (!text.startsWith(first)) return false
  let from = first.length
  for (const part of rest) {
    const at = text.indexOf(part, from)
    if (at === -1) return false
    from = at + part.length
  }
  return text.length - last.length >= from && text.endsWith(last)
}

const textOf = (value: Schema.Json | undefined): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined

/** Whether properties have all that is asked for. */
export const matchesQuery = (properties: Properties, query: DiscoveryQuery): boolean => {
  const tags = tagsIn(properties)
  return Object.entries(query).every(([name, pattern]) =>
    [ownValue(properties, name), ...tags.flatMap(([key, value]) => (key === name ? [value] : []))].some((value) => {
      const text = textOf(value)
      return text !== undefined && fits(text, pattern)
    }),
  )
}

/** What a resource of a type is called: by a tag, or by a property such as `Name`, `BucketName` or `name`. */
export const nameIn = (properties: Properties, type: string): string | undefined => {
  const kind = type.split("::").at(-1) ?? ""
  const tagged = tagsIn(properties).find(([key]) => key.toLowerCase() === "name")?.[1]
  const named = ["Name", `${kind}Name`, "GroupName", "name"].map((name) => ownValue(properties, name))
  return [tagged, ...named].find((value): value is string => typeof value === "string" && value !== "")
}
