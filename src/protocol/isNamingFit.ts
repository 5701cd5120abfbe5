/** Whether the agent can make the names that a type has a rule for. */
import { ownValue } from "./ownValue.ts"
import type { TypeCapabilities } from "./Resource.ts"

/** Whether a type has no rule for a name, or one for a property whose value the agent can make. */
export const isNamingFit = ({ naming, properties }: Pick<TypeCapabilities, "naming" | "properties">): boolean => {
  if (naming === undefined) return true
  const traits = ownValue(properties, naming.property)
  return traits !== undefined && traits.createOnly && !traits.opaque && !traits.output
}
