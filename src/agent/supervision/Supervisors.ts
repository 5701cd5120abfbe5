/** The supervisors of all plugins of a catalog. When their scope closes, all of them stop at the same time. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { namespaceKey } from "../../protocol/Identity.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../protocol/Settings.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { PluginLauncher } from "../launch/PluginLauncher.ts"
import { callersWaiting, watchGauge } from "../metrics/Metrics.ts"
import { makeOperatorSettingsOf } from "./OperatorSettingsOf.ts"
import type { PluginEvent } from "./PluginEvent.ts"
import { type Quarantine, Quarantines } from "./Quarantines.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"
import { makeSupervisor, type Supervisor } from "./Supervisor.ts"
import { defaultSupervisionSettings, type SupervisionSettings } from "./SupervisionSettings.ts"

/** How plugins are supervised, by their names. */
export interface SupervisionOptions {
  /** The settings of supervision for a plugin; the defaults, unless given. */
  readonly supervision?: ((plugin: string) => SupervisionSettings) | undefined
  /** The restart policy for a plugin, instead of the one that its settings make. */
  readonly policy?: ((plugin: string) => RestartPolicy) | undefined
  /** The settings of the plugin itself, by the schema that it declares. */
  readonly settings?: ((plugin: string) => Properties | undefined) | undefined
  /** Variables of the environment of its processes, in addition to those that its manifest asks for. */
  readonly environment?: ((plugin: string) => Readonly<Record<string, string>> | undefined) | undefined
  /**
   * Where it is said that a plugin must not be started, such as a place in a
   * configuration file. Undefined where that is not said.
   */
  readonly disabled?: ((plugin: string) => string | undefined) | undefined
  /**
   * A plugin without a call for so long is stopped, and started again by the next
   * one. In milliseconds. Left out, a plugin runs until the coordinator closes.
   */
  readonly idleMillis?: number | undefined
  /**
   * How long a launch that is to be replaced may be busy before it takes nothing
   * more, in milliseconds. 5 minutes, unless given.
   */
  readonly recycleMillis?: number | undefined
  /** How operators retry, poll and log, until `configure` says otherwise. */
  readonly operator?: OperatorSettings | undefined
  /** The same for one plugin, instead of `operator`. */
  readonly operatorOf?: ((plugin: string) => OperatorSettings | undefined) | undefined
  /**
   * The namespaces whose plugins start with the coordinator, and not when they
   * are first wanted. The first who wants one of them waits for that start, and
   * hears how it failed. A namespace that no plugin serves is left out.
   */
  readonly startWith?: ReadonlyArray<string> | undefined
}

/** How many plugins start at the same time. More would compete for the processor, and all of them would be late. */
const maxStarts = 8

/** A resource may take longer than this. Its operation is taken up again by the new launch. */
const defaultRecycleMillis = 300_000

export interface Supervisors {
  readonly all: ReadonlyArray<Supervisor>
  /** The supervisor of the plugin with this name. */
  readonly named: (plugin: string) => Supervisor | undefined
  /** The supervisor of a namespace, compared without regard to case. */
  readonly find: (namespace: string) => Supervisor | undefined
  /** New settings for the operators of one plugin or of all, now and at later launches. */
  readonly configure: (settings: OperatorSettings, plugin?: string) => Effect.Effect<void>
}

export const makeSupervisors = Effect.fnUntraced(function* (
  options: SupervisionOptions,
  publish: (event: PluginEvent) => Effect.Effect<void>,
): Effect.fn.Return<Supervisors, never, Catalog | PluginLauncher | Quarantines | Scope.Scope> {
  const { entries } = yield* Catalog
  const launcher = yield* PluginLauncher
  const starts = yield* Semaphore.make(maxStarts)
  const quarantines = yield* storedQuarantines
  const operator = options.operator ?? defaultOperatorSettings
  const all = yield* Effect.forEach(entries, (entry) => {
    const { name } = entry.manifest
    return makeSupervisor({
      options: {
        entry,
        supervision: options.supervision?.(name) ?? defaultSupervisionSettings,
        policy: options.policy?.(name),
        settings: options.settings?.(name),
        environment: options.environment?.(name),
      },
      disabledBy: options.disabled?.(name),
      idleMillis: options.idleMillis,
      recycleMillis: options.recycleMillis ?? defaultRecycleMillis,
      launcher,
      operatorSettings: makeOperatorSettingsOf(options.operatorOf?.(name) ?? operator),
      quarantine: quarantines.of(name),
      onQuarantine: (quarantine) => quarantines.write(name, quarantine),
      starts,
      publish,
    })
  })
  yield* Effect.forEach(all, ({ name, waiting }) => watchGauge(callersWaiting, { "formae.plugin": name }, waiting))
  yield* Effect.addFinalizer(() => Effect.forEach(all, ({ stop }) => stop, { concurrency: "unbounded", discard: true }))

  const byNamespace = new Map(all.map((one) => [namespaceKey(one.entry().manifest.namespace), one]))
  return {
    all,
    named: (plugin) => all.find(({ name }) => name === plugin),
    find: (namespace) => byNamespace.get(namespaceKey(namespace)),
    configure: (settings, plugin) =>
      Effect.forEach(
        plugin === undefined ? all : all.filter(({ name }) => name === plugin),
        (supervisor) => supervisor.configure(settings),
        { concurrency: "unbounded", discard: true },
      ),
  }
})

/** The stored quarantines. A store that fails must not stop supervision, so its errors are only logged. */
const storedQuarantines = Effect.gen(function* () {
  const { list, put, remove } = yield* Quarantines
  const found = yield* Effect.catch(list, (error) =>
    Effect.as(Effect.logError(`The quarantines cannot be read: ${error.message}`), []),
  )
  const byPlugin = new Map(found.map((one) => [one.plugin, one]))
  return {
    of: (plugin: string): Quarantine | undefined => byPlugin.get(plugin),
    write: (plugin: string, quarantine: Quarantine | undefined): Effect.Effect<void> =>
      Effect.catch(quarantine === undefined ? remove(plugin) : put(quarantine), (error) =>
        Effect.logError(`The quarantine of ${plugin} cannot be written: ${error.message}`),
      ),
  }
})
