/** What a plugin says about its types: in its handshake, and when it is asked for their schemas. */
import * as Effect from "effect/Effect"
import type { TypeDescription, TypeDescriptions } from "../protocol/Description.ts"
import { describeFeature, type Features } from "../protocol/Features.ts"
import type { ResourceType } from "../protocol/Identity.ts"
import { OperationNotSupported } from "../protocol/OperatorError.ts"
import type { TypeCapabilities } from "../protocol/Resource.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** The types for the handshake. An agent that asks for schemas gets none here, so that none is made that it does not need. Other fields go to every agent, which ignores what it does not know. */
export const typesFor = <R>(
  { types }: ResourcePlugin<R>,
  agentFeatures: Features = [],
): ReadonlyArray<TypeCapabilities> => {
  const all = [...types.values()].map(({ capabilities }) => capabilities)
  return agentFeatures.includes(describeFeature) ? all.map(withoutSchemas) : all
}

/** Reads neither of the schemas, because reading makes them. */
const withoutSchemas = (capabilities: TypeCapabilities): TypeCapabilities => {
  const { schema: _, targetSchema: __, ...own } = Object.getOwnPropertyDescriptors(capabilities)
  return Object.defineProperties({}, own) as TypeCapabilities
}

/** The schemas of these types. Fails if the plugin does not serve one of them. */
export const describeTypes = <R>(
  { name, types }: ResourcePlugin<R>,
  wanted: ReadonlyArray<ResourceType>,
): Effect.Effect<TypeDescriptions, OperationNotSupported> =>
  Effect.map(
    Effect.forEach(wanted, (type): Effect.Effect<TypeDescription, OperationNotSupported> => {
      const definition = types.get(type)
      if (definition === undefined) {
        return Effect.fail(
          new OperationNotSupported({
            operation: "Describe",
            message: `The plugin ${name} does not serve the resource type ${type}`,
          }),
        )
      }
      const { schema = {}, targetSchema } = definition.capabilities
      return Effect.succeed({ type, schema, ...(targetSchema !== undefined && { targetSchema }) })
    }),
    (described) => ({ types: described }),
  )
