/** A plugin: what serves one namespace, as a record of resource types. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { HandshakeRefused, PluginConfig } from "../protocol/Handshake.ts"
import { Namespace, namespaceKey, namespaceOf, type ResourceType } from "../protocol/Identity.ts"
import { decodeSettings, refuseSettings, type SettingsSchema } from "./PluginSettings.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"
import { refuseToStart } from "./StartRefusal.ts"

export interface ResourcePlugin<R = never> {
  /** Such as `aws`. The same name stands in the manifest. */
  readonly name: string
  readonly namespace: Namespace
  /** A semantic version. */
  readonly version: string
  readonly types: ReadonlyMap<ResourceType, ResourceDefinition<R>>
  /** What the handlers need, by the settings of a launch. Built once per launch, when it is greeted. */
  readonly layerOf: (config: PluginConfig | undefined) => Layer.Layer<R, HandshakeRefused>
}

/** A plugin whose layer needs no settings, and can be had as it was given. */
export interface FixedPlugin<R = never, E = never> extends ResourcePlugin<R> {
  readonly layer: Layer.Layer<R, E>
}

interface PluginSpec<R> {
  readonly name: string
  readonly namespace: string
  readonly version: string
  readonly types: ReadonlyArray<ResourceDefinition<R>>
}

/** Its handlers need nothing. */
interface BareSpec extends PluginSpec<never> {
  readonly layer?: undefined
  readonly settings?: undefined
}

interface FixedSpec<R, E> extends PluginSpec<R> {
  readonly layer: Layer.Layer<R, E>
  readonly settings?: undefined
}

interface SettableSpec<R, E, Settings> extends PluginSpec<R> {
  /** The settings that whoever runs the agent may give it; secrets among them are `Schema.RedactedFromValue`. */
  readonly settings: SettingsSchema<Settings>
  readonly layer: (settings: Settings) => Layer.Layer<R, E>
}

/**
 * Makes a plugin. A type of another namespace, or one that is declared twice,
 * is a mistake in the plugin's code, and throws. A layer that fails refuses the
 * handshake, with the message of its error.
 */
export function definePlugin(spec: BareSpec): FixedPlugin
export function definePlugin<R, E = never>(spec: FixedSpec<R, E>): FixedPlugin<R, E>
export function definePlugin<R, Settings, E = never>(spec: SettableSpec<R, E, Settings>): ResourcePlugin<R>
export function definePlugin<R, Settings, E>(spec: BareSpec | FixedSpec<R, E> | SettableSpec<R, E, Settings>) {
  if (spec.layer === undefined) return fixedPlugin(spec, Layer.empty)
  return spec.settings === undefined ? fixedPlugin(spec, spec.layer) : settablePlugin(spec)
}

const fixedPlugin = <R, E>(spec: PluginSpec<R>, layer: Layer.Layer<R, E>): FixedPlugin<R, E> => ({
  ...describe(spec),
  layer,
  layerOf: (config) =>
    Layer.unwrap(
      Effect.as(
        refuseSettings(spec.name, config),
        refuseToStart(spec.name, () => layer),
      ),
    ),
})

const settablePlugin = <R, E, Settings>(spec: SettableSpec<R, E, Settings>): ResourcePlugin<R> => {
  const decode = decodeSettings(spec.name, spec.settings)
  return {
    ...describe(spec),
    layerOf: (config) =>
      Layer.unwrap(Effect.map(decode(config), (settings) => refuseToStart(spec.name, () => spec.layer(settings)))),
  }
}

const describe = <R>(spec: PluginSpec<R>): Omit<ResourcePlugin<R>, "layerOf"> => {
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
  return { name: spec.name, namespace, version: spec.version, types }
}
