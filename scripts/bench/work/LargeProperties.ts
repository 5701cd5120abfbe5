/** The large call that all contestants serve, and its check: a `Create` whose properties come back as they were sent. */
import { isObject } from "./isObject.ts"

export interface LargeProperties {
  readonly entries: ReadonlyArray<{ readonly Key: string; readonly Value: string }>
}

const mebibyte = 1024 * 1024

const make = (): LargeProperties => {
  const entries: Array<LargeProperties["entries"][number]> = []
  let bytes = '{"entries":[]}'.length
  while (bytes < mebibyte) {
    const entry = {
      Key: `/shop/parameter/${entries.length}`,
      Value: `what the parameter ${entries.length} holds `.repeat(2),
    }
    entries.push(entry)
    bytes += JSON.stringify(entry).length + 1
  }
  return { entries }
}

let made: LargeProperties | undefined

/**
 * A mebibyte of JSON. It has many small entries, as large resources do. It is
 * made at its first use, so that the start of no program includes it.
 */
export const largeProperties = (): LargeProperties => (made ??= make())

/** The properties. Throws if `value` does not have the shape and the number of entries of the large properties. */
export const checkLargeProperties = (value: unknown): LargeProperties => {
  if (!isObject(value) || !Array.isArray(value["entries"])) throw new Error("not the large properties")
  const entries: ReadonlyArray<unknown> = value["entries"]
  if (entries.length !== largeProperties().entries.length) throw new Error("not all entries")
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry["Key"] !== "string" || typeof entry["Value"] !== "string") {
      throw new Error("an entry without a key and a value")
    }
  }
  return value as unknown as LargeProperties
}
