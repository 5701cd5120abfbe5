/** Resource types that the compiler knows: what a forma that is built in code is checked by. */
import { ResourceType } from "./Identity.ts"

/**
 * A resource type with the TypeScript types of its parts: the properties that
 * can be given, the attributes that can be referred to, and the config of its
 * targets. `defineResource` makes one, and so does `formae types --typescript`.
 */
export interface TypedResource<out Properties, out Attributes, out TargetConfig> {
  /** The name of the type, such as `AWS::S3::Bucket`. */
  readonly type: ResourceType
  /** For the compiler only: no such value exists. */
  readonly "~formae/types": {
    readonly properties: Properties
    readonly attributes: Attributes
    readonly targetConfig: TargetConfig
  }
}

/** Gives a resource type its TypeScript types. Throws if `type` is not of the form `Namespace::Service::Kind`. */
export const typedResource = <Properties, Attributes, TargetConfig>(
  type: string,
): TypedResource<Properties, Attributes, TargetConfig> => withTypes({ type: ResourceType.make(type) })

/** The same value, with types that the caller vouches for. */
export const withTypes = <Value extends { readonly type: ResourceType }, Properties, Attributes, TargetConfig>(
  value: Value,
): Value & TypedResource<Properties, Attributes, TargetConfig> =>
  value as Value & TypedResource<Properties, Attributes, TargetConfig>
