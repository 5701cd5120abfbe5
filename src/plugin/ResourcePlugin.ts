/** A plugin: the resource types of one namespace, and what their handlers need. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { HandshakeRefused, PluginConfig } from "../protocol/Handshake.ts"
import { Namespace, namespaceKey, namespaceOf, type ResourceType } from "../protocol/Identity.ts"
import { decodeSettings, refuseSettings, type SettingsSchema } from "./PluginSettings.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"
import { refuseToStart } from "./StartRefusal.ts"

/** A plugin, as `runPlugin` and `inProcess` take it. `definePlugin` makes one. */
export interface ResourcePlugin<R = never> {
  /** The name in the manifest, such as `aws`. */
  readonly name: string
  /** The namespace that it serves, such as `AWS`. */
  readonly namespace: Namespace
  /** The semantic version in the manifest. */
  readonly version: string
  /** Whether each request of the provider goes through `Requests.limited`. */
  readonly limitsRequests: boolean
  /** The resource types, by name. */
  readonly types: ReadonlyMap<ResourceType, ResourceDefinition<R>>
  /** What the handlers need, with the settings of a launch. Built once per launch, in the handshake. */
  readonly layerOf: (config: PluginConfig | undefined) => Layer.Layer<R, HandshakeRefused>
}

/** A plugin without settings of its own. `layer` is the layer that it was defined with. */
export interface FixedPlugin<R = never, E = never> extends ResourcePlugin<R> {
  /** What the handlers need. */
  readonly layer: Layer.Layer<R, E>
}

/** What every plugin is defined by. */
export interface PluginSpec<R> {
  /** The name in the manifest, such as `aws`. */
  readonly name: string
  /** The namespace that it serves, such as `AWS`. */
  readonly namespace: string
  /** The semantic version in the manifest. */
  readonly version: string
  /** The resource types. */
  readonly types: ReadonlyArray<ResourceDefinition<R>>
  /**
   * Set where each request of the provider goes through `Requests.limited`, so
   * that a rate limit counts requests. Otherwise one call of a handler counts as
   * one request.
   */
  readonly limitsRequests?: true | undefined
}

/** A plugin whose handlers need nothing. */
export interface BareSpec extends PluginSpec<never> {
  /** None. */
  readonly layer?: undefined
  /** None. */
  readonly settings?: undefined
}

/** A plugin whose handlers need what a layer builds. */
export interface FixedSpec<R, E> extends PluginSpec<R> {
  /** Builds what the handlers need. */
  readonly layer: Layer.Layer<R, E>
  /** None. */
  readonly settings?: undefined
}

/** A plugin with settings of its own. */
export interface SettableSpec<R, E, Settings> extends PluginSpec<R> {
  /** The settings that a user can give the plugin. Declare secrets with `Schema.RedactedFromValue`. */
  readonly settings: SettingsSchema<Settings>
  /** Builds what the handlers need. */
  readonly layer: (settings: Settings) => Layer.Layer<R, E>
}

/**
 * Makes a plugin whose handlers need nothing. This and the other forms throw a
 * `TypeError` if a type has another namespace than the plugin, or is declared
 * twice.
 */
export function definePlugin(spec: BareSpec): FixedPlugin
/**
 * Makes a plugin whose handlers need what `layer` builds. If the layer fails, the
 * plugin refuses the handshake with the message of the error.
 */
export function definePlugin<R, E = never>(spec: FixedSpec<R, E>): FixedPlugin<R, E>
/**
 * Makes a plugin with settings of its own, from which `layer` builds what the
 * handlers need. If the settings are wrong or the layer fails, the plugin refuses
 * the handshake with a message that names the fields and shows no values.
 */
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
      throw new TypeError(`The plugin ${spec.name} serves ${namespace} and cannot define ${type}`)
    }
    if (types.has(type)) throw new TypeError(`The plugin ${spec.name} defines ${type} twice`)
    types.set(type, definition)
  }
  return { name: spec.name, namespace, version: spec.version, types, limitsRequests: spec.limitsRequests === true }
}
