/** The rule by which the agent makes the name of a resource, as its type declares it. */
import type * as Schema from "effect/Schema"
import type { Naming } from "../protocol/Naming.ts"
import type { PathTraits } from "../protocol/PathTraits.ts"
import { namingsOf } from "./Property.ts"

interface Traits extends Pick<PathTraits, "output"> {
  readonly opaque?: boolean
}

/** Undefined where no field is `named`. Throws a TypeError where the agent could not make the name. */
export const declaredNaming = (
  type: string,
  fields: Schema.Struct.Fields,
  traits: Readonly<Record<string, Traits>>,
): Naming | undefined => {
  const all = namingsOf(fields)
  const [naming] = all
  if (naming === undefined) return undefined
  const { property } = naming
  const refuse = (reason: string) => {
    throw new TypeError(`${type} cannot be defined: ${reason}`)
  }
  if (all.length > 1) {
    const names = all.map((one) => one.property).join(" and ")
    return refuse(`${names} are declared as named, and only one property can be; leave it away at the others`)
  }
  if (traits[property]?.opaque === true) {
    return refuse(
      `${property} is declared as named and is secret, and the name that the agent makes is shown; leave one of the two away`,
    )
  }
  if (traits[property]?.output === true) {
    return refuse(
      `${property} is declared as named and as an output, which the provider sets; leave one of the two away`,
    )
  }
  return naming
}
