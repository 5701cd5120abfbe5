/**
 * The work that all contestants do, and its checks: a `Read` of one resource,
 * and a `Create` with a mebibyte of properties that come back as they went.
 * Who has schemas checks by them; who has none checks by these functions.
 */
export interface ReadRequest {
  readonly nativeId: string
  readonly resourceType: string
  readonly targetConfig: { readonly region: string }
}

export interface ReadAnswer {
  readonly operation: string
  readonly status: string
  readonly nativeId: string
  readonly properties: {
    readonly name: string
    readonly tags: Readonly<Record<string, string>>
    readonly size: number
  }
}

export interface Entry {
  readonly Key: string
  readonly Value: string
}

export interface LargeProperties {
  readonly entries: ReadonlyArray<Entry>
}

export const resourceType = "Bench::Storage::Thing"
export const targetConfig = { region: "eu-west-1" }

export const readRequest = (number: number): ReadRequest => ({
  nativeId: `thing-${number}`,
  resourceType,
  targetConfig,
})

/** What the provider knows of a resource. */
export const propertiesOf = (nativeId: string): ReadAnswer["properties"] => ({
  name: `the ${nativeId}`,
  tags: { owner: "bench", stage: "test" },
  size: 1024,
})

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isString = (value: unknown): value is string => typeof value === "string"

class WorkWrong extends Error {}

/** Throws where `value` is no request. */
export const checkRequest = (value: unknown): ReadRequest => {
  if (
    !isObject(value) ||
    !isString(value["nativeId"]) ||
    !isString(value["resourceType"]) ||
    !isObject(value["targetConfig"])
  ) {
    throw new WorkWrong("no request")
  }
  const { nativeId, resourceType: type, targetConfig: target } = value
  if (!isString(target["region"])) throw new WorkWrong("no region")
  return { nativeId, resourceType: type, targetConfig: { region: target["region"] } }
}

/** What an answering process that has no schemas says to a request. */
export const answerOf = (value: unknown): ReadAnswer => {
  const { nativeId } = checkRequest(value)
  return { operation: "Read", status: "Succeeded", nativeId, properties: propertiesOf(nativeId) }
}

/** Throws where the properties are not those of a thing. */
export const checkProperties = (properties: unknown): void => {
  if (
    !isObject(properties) ||
    !isString(properties["name"]) ||
    typeof properties["size"] !== "number" ||
    !isObject(properties["tags"])
  ) {
    throw new WorkWrong("no properties")
  }
  for (const value of Object.values(properties["tags"])) if (!isString(value)) throw new WorkWrong("no tags")
}

/** Throws where `value` is no answer to the request for `nativeId`. */
export const checkAnswer = (value: unknown, nativeId: string): void => {
  if (!isObject(value) || !isString(value["operation"]) || value["status"] !== "Succeeded") {
    throw new WorkWrong("no answer")
  }
  if (value["nativeId"] !== nativeId) throw new WorkWrong(`the answer of another: ${String(value["nativeId"])}`)
  checkProperties(value["properties"])
}

/** A mebibyte of JSON, as what is large in an infrastructure is: many small entries. */
export const largeProperties: LargeProperties = (() => {
  const entries: Array<Entry> = []
  let bytes = '{"entries":[]}'.length
  while (bytes < 1024 * 1024) {
    const entry = {
      Key: `/shop/parameter/${entries.length}`,
      Value: `what the parameter ${entries.length} holds `.repeat(2),
    }
    entries.push(entry)
    bytes += JSON.stringify(entry).length + 1
  }
  return { entries }
})()

/** Throws where these are not the large properties. */
export const checkLarge = (value: unknown): LargeProperties => {
  if (!isObject(value) || !Array.isArray(value["entries"])) throw new WorkWrong("no large properties")
  const entries: ReadonlyArray<unknown> = value["entries"]
  if (entries.length !== largeProperties.entries.length) throw new WorkWrong("not all entries")
  for (const entry of entries) {
    if (!isObject(entry) || !isString(entry["Key"]) || !isString(entry["Value"])) throw new WorkWrong("no entry")
  }
  return value as unknown as LargeProperties
}
