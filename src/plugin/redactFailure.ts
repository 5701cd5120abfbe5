/** What a provider says of a request may quote it: what is secret in the request is taken out of the failure. */
import type { Failure } from "../protocol/ErrorCode.ts"
import { mask, textsIn } from "../protocol/Masking.ts"
import type { TypeCapabilities } from "../protocol/Resource.ts"

/** The parts of a request that may hold secrets: requests of all kinds have some of them. */
interface Asked {
  readonly targetConfig: object
  readonly properties?: object
  readonly desired?: object
  readonly prior?: object
}

/** The failure of a request to a resource type without any value that was secret in it. */
export const redacted = (
  { properties: traits, targetSecrets = [] }: TypeCapabilities,
  { desired = {}, prior = {}, properties = {}, targetConfig }: Asked,
  failure: Failure,
): Failure => {
  const opaque = Object.keys(traits).filter((name) => traits[name]?.opaque === true)
  const valuesOf = (from: object, names: ReadonlyArray<string>) =>
    Object.entries(from).flatMap(([name, value]: [string, unknown]) => (names.includes(name) ? textsIn(value) : []))
  const secrets = [
    ...[properties, desired, prior].flatMap((from) => valuesOf(from, opaque)),
    ...valuesOf(targetConfig, targetSecrets),
  ]
  return { ...failure, message: mask(failure.message, secrets) }
}
