/** What a program has to know about the resource types of a plugin to be checked, in no particular language. */
import { namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { PathTraits } from "../../protocol/PathTraits.ts"
import { childOf, pathTreeOf } from "../../protocol/PathTree.ts"
import type { PropertyTraits, TypeCapabilities } from "../../protocol/Resource.ts"
import { type DefinedShape, type Definition, Shape } from "./Shape.ts"
import { definedShapeOf, definitionsOf, descriptionOf, propertySchemasOf, shapeOf } from "./shapeOf.ts"

export interface PropertyModel {
  readonly name: string
  readonly shape: Shape
  readonly traits: PropertyTraits
  /** What the type says of the place of the property as a whole. */
  readonly place: PathTraits
  readonly description: string | undefined
  /** Whether a name is made where it is left out. */
  readonly isNamed: boolean
}

export interface ResourceModel {
  readonly type: ResourceType
  readonly properties: ReadonlyArray<PropertyModel>
  /** What the shapes of the properties refer to. */
  readonly definitions: ReadonlyArray<Definition>
  /** The config of a target. Undefined if it is that of the namespace. */
  readonly target: DefinedShape | undefined
}

/** The resource types of one namespace. */
export interface NamespaceModel {
  readonly namespace: string
  /** The config of a target, if it is the same for all types. */
  readonly target: DefinedShape | undefined
  readonly resources: ReadonlyArray<ResourceModel>
}

/** The model of the resource types of plugins, a namespace each, in alphabetical order. */
export const modelOf = (types: ReadonlyArray<TypeCapabilities>): ReadonlyArray<NamespaceModel> =>
  [...Map.groupBy(types, ({ type }) => namespaceOf(type))]
    .map(([namespace, members]): NamespaceModel => {
      const [first] = members
      const isShared = new Set(members.map(({ targetSchema }) => JSON.stringify(targetSchema))).size === 1
      return {
        namespace,
        target: isShared ? targetOf(first) : undefined,
        resources: members
          .map((capabilities) => resourceOf(capabilities, isShared))
          .toSorted((a, b) => (a.type < b.type ? -1 : 1)),
      }
    })
    .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1))

const resourceOf = (capabilities: TypeCapabilities, isTargetShared: boolean): ResourceModel => {
  const { schema = {} } = capabilities
  const schemas = propertySchemasOf(schema)
  return {
    type: capabilities.type,
    properties: Object.entries(capabilities.properties).map(([name, traits]) => ({
      name,
      shape: shapeOf(schemas.get(name) ?? true),
      traits,
      place: childOf(pathTreeOf(capabilities), name)?.traits ?? {},
      description: descriptionOf(schemas.get(name)),
      isNamed: capabilities.naming?.property === name,
    })),
    definitions: definitionsOf(schema),
    target: isTargetShared ? undefined : targetOf(capabilities),
  }
}

/** A plugin that sends no schema of its targets takes any config. */
const targetOf = (capabilities: TypeCapabilities | undefined): DefinedShape =>
  capabilities?.targetSchema === undefined
    ? { shape: Shape.Any(), definitions: [] }
    : definedShapeOf(capabilities.targetSchema)
