/**
 * The small call that all contestants serve, and its checks: a `Read` of one
 * resource. A contestant with schemas checks by them, one without checks by
 * these functions.
 */
import { isObject } from "./isObject.ts"

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

const resourceType = "Bench::Storage::Thing"
export const targetConfig = { region: "eu-west-1" }

let requests = 0

/** A request for a resource that no earlier request in this process named. */
export const nextRequest = (): ReadRequest => ({ nativeId: `thing-${requests++}`, resourceType, targetConfig })

/** What the provider knows of a resource. */
export const propertiesOf = (nativeId: string): ReadAnswer["properties"] => ({
  name: `the ${nativeId}`,
  tags: { owner: "bench", stage: "test" },
  size: 1024,
})

/** The request. Throws if `value` is not one. */
const checkRequest = (value: unknown): ReadRequest => {
  if (
    !isObject(value) ||
    typeof value["nativeId"] !== "string" ||
    typeof value["resourceType"] !== "string" ||
    !isObject(value["targetConfig"])
  ) {
    throw new Error("not a request")
  }
  const { nativeId, resourceType, targetConfig } = value
  if (typeof targetConfig["region"] !== "string") throw new Error("a request without a region")
  return { nativeId, resourceType, targetConfig: { region: targetConfig["region"] } }
}

/** What a program without schemas answers. Throws if `value` is not a request. */
export const answerOf = (value: unknown): ReadAnswer => {
  const { nativeId } = checkRequest(value)
  return { operation: "Read", status: "Succeeded", nativeId, properties: propertiesOf(nativeId) }
}

/** Throws if these are not the properties of a thing. */
export const checkProperties = (properties: unknown): void => {
  if (
    !isObject(properties) ||
    typeof properties["name"] !== "string" ||
    typeof properties["size"] !== "number" ||
    !isObject(properties["tags"])
  ) {
    throw new Error("not the properties of a thing")
  }
  for (const value of Object.values(properties["tags"])) {
    if (typeof value !== "string") throw new Error("a tag that is not a string")
  }
}

/** Throws if `value` is not the answer to the request for `nativeId`. */
export const checkAnswer = (value: unknown, nativeId: string): void => {
  if (!isObject(value) || typeof value["operation"] !== "string" || value["status"] !== "Succeeded") {
    throw new Error("not an answer")
  }
  if (value["nativeId"] !== nativeId) throw new Error(`the answer to another request: ${String(value["nativeId"])}`)
  checkProperties(value["properties"])
}
