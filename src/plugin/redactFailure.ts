/** Takes the secrets of a request out of its failure, because a provider may quote the request in a message. */
import type { Failure } from "../protocol/ErrorCode.ts"
import { mask, textsIn } from "../protocol/Masking.ts"
import type { TypeCapabilities } from "../protocol/Resource.ts"

/** The parts of a request that may hold secrets. Every kind of request has some of them. */
interface RequestWithSecrets {
  readonly targetConfig: object
  readonly properties?: object
  readonly desired?: object
  readonly prior?: object
  readonly lastRead?: object
}

/** The failure of a request to a resource type, without the values that were secret in the request. */
export const redactFailure = (
  capabilities: TypeCapabilities,
  request: RequestWithSecrets,
  failure: Failure,
): Failure => ({ ...failure, message: redactText(capabilities, request, failure.message) })

/** A text about a request to a resource type, without the values that were secret in the request. */
export const redactText = (
  { properties: traits, targetSecrets = [] }: TypeCapabilities,
  { desired = {}, lastRead = {}, prior = {}, properties = {}, targetConfig }: RequestWithSecrets,
  text: string,
): string => {
  const opaque = Object.keys(traits).filter((name) => traits[name]?.opaque === true)
  const textsOf = (from: object, names: ReadonlyArray<string>) =>
    Object.entries(from).flatMap(([name, value]: [string, unknown]) => (names.includes(name) ? textsIn(value) : []))
  const secrets = [
    ...[properties, desired, prior, lastRead].flatMap((from) => textsOf(from, opaque)),
    ...textsOf(targetConfig, targetSecrets),
  ]
  return mask(text, secrets)
}
