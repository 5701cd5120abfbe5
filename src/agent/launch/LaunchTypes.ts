/** The resource types of one launch. The schemas that its handshake has left out are asked for once, where they are needed. */
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import type { TypeDescription } from "../../protocol/Description.ts"
import { announcedTypes } from "../../protocol/Features.ts"
import type { HandshakeResponse } from "../../protocol/Handshake.ts"
import { isNamingFit } from "../../protocol/isNamingFit.ts"
import type { ResourceType } from "../../protocol/Identity.ts"
import type { ConnectionLost } from "../../protocol/OperatorError.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { UndescribedTypes } from "./UndescribedTypes.ts"

/** The types whose schemas are wanted: some, or all that the plugin serves. */
export type DescribedTypes = ReadonlyArray<ResourceType> | "all"

/** Gives the types that a launch serves. Those that are wanted have their schemas. Fails with `ConnectionLost` if the launch ends first. */
export type LaunchTypes = (
  wanted: DescribedTypes,
) => Effect.Effect<ReadonlyMap<ResourceType, TypeCapabilities>, UndescribedTypes | ConnectionLost>

/** Asks the plugin for the schemas of types. */
export type AskForSchemas = (
  types: ReadonlyArray<ResourceType>,
) => Effect.Effect<ReadonlyArray<TypeDescription>, UndescribedTypes | ConnectionLost>

/** The types of a launch by its handshake. `ask` is used for the schemas that the handshake has left out, and once for each. */
export const makeLaunchTypes = (identity: HandshakeResponse, ask: AskForSchemas): LaunchTypes => {
  const announced = announcedTypes(identity)
  let known: ReadonlyMap<ResourceType, TypeCapabilities> = new Map(
    announced.map((type) => [type.type, isNamingFit(type) ? type : Struct.omit(type, ["naming"])]),
  )
  let unfit = announced.filter((type) => !isNamingFit(type))
  /** Once for a launch. */
  const warn = Effect.suspend(() => {
    const told = unfit
    unfit = []
    return told.length === 0 ? Effect.void : Effect.logWarning(unfitNaming(identity.name, told))
  })
  return (wanted) =>
    Effect.andThen(warn, () => {
      const missing = [...new Set(wanted === "all" ? known.keys() : wanted)].filter(
        (type) => known.has(type) && known.get(type)?.schema === undefined,
      )
      if (missing.length === 0) return Effect.succeed(known)
      return Effect.flatMap(ask(missing), (answer) => {
        const described = new Map(answer.map((one) => [one.type, one]))
        const left = missing.filter((type) => !described.has(type))
        if (left.length > 0) {
          return Effect.fail(
            new UndescribedTypes({
              plugin: identity.name,
              reason: `its answer to Describe leaves out ${left.join(", ")}`,
            }),
          )
        }
        // Another caller may have asked for others meanwhile.
        known = new Map(
          [...known].map(([type, undescribed]) => {
            const schemas = missing.includes(type) ? described.get(type) : undefined
            return [type, schemas === undefined ? undescribed : { ...undescribed, ...schemas }]
          }),
        )
        return Effect.succeed(known)
      })
    })
}

const unfitNaming = (plugin: string, types: ReadonlyArray<TypeCapabilities>): string =>
  `The plugin ${plugin} has rules for names that cannot be made, so they must be given: ${types.map(({ naming, type }) => `${type} ${naming?.property}`).join(", ")}. A made name cannot be changed after create, is no secret and is not set by the provider.`
