/** A plugin: what serves one namespace, as a record of resource types. */
import * as Layer from "effect/Layer"
import { Namespace, namespaceKey, namespaceOf, type ResourceType } from "../protocol/Identity.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"

export interface ResourcePlugin<R = never> {
  /** Such as `aws`. The same name stands in the manifest. */
  readonly name: string
  readonly namespace: Namespace
  /** A semantic version. */
  readonly version: string
  readonly types: ReadonlyMap<ResourceType, ResourceDefinition<R>>
  /** What the handlers need, built once per launch. */
  readonly layer: Layer.Layer<R>
}

interface PluginSpec<R> {
  readonly name: string
  readonly namespace: string
  readonly version: string
  readonly types: ReadonlyArray<ResourceDefinition<R>>
}

/**
 * Makes a plugin. A type of another namespace, or one that is declared twice,
 * is a mistake in the plugin's code, and throws.
 */
export const definePlugin = <R = never>(
  spec: PluginSpec<R> & ([R] extends [never] ? { readonly layer?: never } : { readonly layer: Layer.Layer<R> }),
): ResourcePlugin<R> => {
  const namespace = Namespace.make(spec.namespace)
  const types = new Map<ResourceType, ResourceDefinition<R>>()
  for (const definition of spec.types) {
    const { type } = definition.capabilities
    if (namespaceKey(namespaceOf(type)) !== namespaceKey(namespace)) {
      throw new TypeError(`The plugin ${spec.name} serves ${namespace}, and can not define ${type}`)
    }
    if (types.has(type)) throw new TypeError(`The plugin ${spec.name} defines ${type} twice`)
    types.set(type, definition)
  }
  return {
    name: spec.name,
    namespace,
    version: spec.version,
    types,
    layer: (spec.layer ?? Layer.empty) as Layer.Layer<R>,
  }
}
