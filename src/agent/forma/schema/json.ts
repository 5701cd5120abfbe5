/** What a value of JSON is. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

export const isText = (value: unknown): value is string => typeof value === "string"

/** How many properties or items a value has. */
export const widthOf = (value: unknown): number => {
  if (isList(value)) return value.length
  return isObject(value) ? Object.keys(value).length : 0
}
