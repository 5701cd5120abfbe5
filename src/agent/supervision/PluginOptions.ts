/** What a plugin is launched and supervised with, and whether a change of it needs a new launch. */
import * as Equal from "effect/Equal"
import type { Properties } from "../../protocol/Resource.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"
import type { SupervisionSettings } from "./SupervisionSettings.ts"

/** What a plugin is launched and supervised with. Can be changed while it runs (`PluginCoordinator.recycle`). */
export interface PluginOptions {
  /** The plugin that is started. Another version has another entry, with the same name and namespace. */
  readonly entry: CatalogEntry
  /** The bounds of its launches, and when it is restarted. */
  readonly supervision: SupervisionSettings
  /** The restart policy, instead of the one that the settings make. */
  readonly policy?: RestartPolicy | undefined
  /** The settings of the plugin itself, by the schema that it declares. */
  readonly settings?: Properties | undefined
  /** Variables of the environment of its processes, in addition to those that its manifest asks for. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** What a launch keeps from its start to its end. The supervisor itself uses the rest, which holds at once. */
const fixedAtLaunch = ({ entry, environment = {}, settings, supervision }: PluginOptions) => {
  const { health, handshakeMillis, limits, stop } = supervision
  const { operationCrashes: _, queued: _queued, queueMillis: _queueMillis, ...ofLaunch } = limits
  const { entryPath, manifest } = entry
  return { entryPath, manifest, environment, settings, health, handshakeMillis, stop, limits: ofLaunch }
}

/** Whether a launch that was made with `before` must be replaced, so that `after` holds. */
export const needsNewLaunch = (before: PluginOptions, after: PluginOptions): boolean =>
  before !== after && !Equal.equals(fixedAtLaunch(before), fixedAtLaunch(after))
