/** What to write where a field is missing. */
import { isList, isObject } from "./json.ts"

const mostListed = 5
const longest = 60

const looks: Readonly<Record<string, string>> = { array: "[ ... ]", boolean: "true (or false)", object: "{ ... }" }

/** A value as one writes it, where it is short enough to be read. */
const written = (value: unknown): string | undefined => {
  if (typeof value === "object" && value !== null) return undefined
  const text = JSON.stringify(value)
  return text === undefined || text.length > longest ? undefined : text
}

/** The first example of a schema, which a check of Effect has in its own part. */
export const exampleIn = (schema: unknown): unknown => {
  if (!isObject(schema)) return undefined
  const parts = [schema, ...(isList(schema["allOf"]) ? schema["allOf"] : [])].filter(isObject)
  return parts.map(({ examples }) => (isList(examples) ? examples[0] : undefined)).find((one) => one !== undefined)
}

/** The values that a schema allows, or one that it takes as an example. */
const valueFor = (schema: unknown): string | undefined => {
  if (!isObject(schema)) return undefined
  const { default: usual, enum: all, type } = schema
  const allowed = isList(all) ? all : Object.hasOwn(schema, "const") ? [schema["const"]] : []
  const [first, ...others] = allowed.slice(0, mostListed).map(written)
  if (first !== undefined && !others.includes(undefined)) {
    const more = allowed.length > mostListed ? [`and ${allowed.length - mostListed} more`] : []
    return others.length === 0 ? first : `${first} (or ${[...others, ...more].join(", ")})`
  }
  const example = written(exampleIn(schema) ?? usual)
  return example ?? (typeof type === "string" && Object.hasOwn(looks, type) ? looks[type] : undefined)
}

/** The end of a sentence about a field that is missing. `schema` is that of its value. */
export const writeHere = (name: string, schema?: unknown): string =>
  `write it here: ${name}: ${valueFor(schema) ?? "..."}`
