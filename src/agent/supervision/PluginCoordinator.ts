/**
 * PluginCoordinator: knows which plugin serves which namespace, keeps it
 * alive, and hands out the operator that runs an operation.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type { OperationId, ResourceType } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import type { OperationKind } from "../../protocol/Operation.ts"
import type { PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import { Catalog, type CatalogEntry } from "../catalog/Catalog.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { PluginsConflict } from "../catalog/PluginsConflict.ts"
import type { DescribedTypes } from "../launch/LaunchTypes.ts"
import { NodeNames } from "../launch/NodeNames.ts"
import { PluginLauncher } from "../launch/PluginLauncher.ts"
import { startEarly } from "./EarlyStarts.ts"
import { logEvent } from "./logEvent.ts"
import { measureEvent } from "./measureEvent.ts"
import type { PluginEvent } from "./PluginEvent.ts"
import type { PluginOptions } from "./PluginOptions.ts"
import type { RecycleResult } from "./PluginOptionsOf.ts"
import type { PluginUnavailable } from "./PluginUnavailable.ts"
import { Quarantines } from "./Quarantines.ts"
import { makeRoutedOperator } from "./RoutedOperator.ts"
import type { Supervisor } from "./Supervisor.ts"
import { makeSupervisors, type SupervisionOptions } from "./Supervisors.ts"
import type { SupervisorState } from "./SupervisorState.ts"

/** The operation that an operator is wanted for. */
export interface OperatorRequest {
  /** The namespace of the resource type. Case does not matter. */
  readonly namespace: string
  /** The resource, as `forma/label`. For the coordinator of a host that decides by it where work is done: this one does not read it. */
  readonly resourceUri: string
  /** What is done to the resource: for such a coordinator too. */
  readonly operation: OperationKind
  /** The id of the operation: one that was set aside gets no operator. */
  readonly operationId: OperationId
}

/** One plugin of the catalog and its current state. */
export interface PluginStatus {
  /** The plugin. */
  readonly entry: CatalogEntry
  /** Where it stands, and why. */
  readonly state: SupervisorState
}

/**
 * Hands out operators, and keeps the plugins behind them alive: starts, restarts, quarantines and stops them.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { PluginCoordinator } from "formae/agent"
 * import { OperationId, ResourceType } from "formae/protocol"
 *
 * const listBuckets = Effect.gen(function* () {
 *   const coordinator = yield* PluginCoordinator
 *   const operationId = OperationId.make("list-1")
 *   const operator = yield* coordinator.operator({ namespace: "AWS", resourceUri: "", operation: "List", operationId })
 *   const resourceType = ResourceType.make("AWS::S3::Bucket")
 *   return yield* operator.list({ operationId, resourceType, targetConfig: { region: "eu-west-1" } })
 * })
 * ```
 */
export class PluginCoordinator extends Context.Service<
  PluginCoordinator,
  {
    /**
     * The operator of the plugin that serves the namespace. Starts the plugin
     * or waits for its restart, for as long as a caller may wait (60 s by
     * default). The operator outlives a launch: an operation that was not sent
     * before its launch ended is sent to the next one.
     *
     * Fails with `NamespaceUnknown` if no plugin serves the namespace, and with
     * one of `PluginUnavailable`, which says why the plugin is not available now.
     */
    readonly operator: (
      request: OperatorRequest,
    ) => Effect.Effect<PluginOperatorShape, NamespaceUnknown | PluginUnavailable>
    /**
     * The resource types of the plugin that serves a namespace. Those in
     * `described` (by default none) have their schemas; others may be without.
     * Starts the plugin and fails as `operator` does, and with `UndescribedTypes`
     * where the plugin does not give the schemas.
     */
    readonly capabilities: (
      namespace: string,
      described?: DescribedTypes,
    ) => Effect.Effect<ReadonlyMap<ResourceType, TypeCapabilities>, NamespaceUnknown | PluginUnavailable>
    /**
     * New settings for the operators of the plugin with this name, or of all
     * plugins, those that had some of their own included. Running plugins use
     * them for their next operation, others from their start. What is set last
     * holds. A name that no plugin has is left out.
     */
    readonly configure: (settings: OperatorSettings, plugin?: string) => Effect.Effect<void>
    /**
     * Changes what the plugin with this name is launched and supervised with;
     * what is left out stays. What needs a new launch waits for a moment at which
     * no call is under way, for 5 minutes by default. After that the launch takes
     * nothing more, and calls under way may end as at a stop. Callers wait
     * meanwhile. It is no crash, and if the new launch does not start, the one
     * before serves on and nothing has changed. Completes when it is known what
     * came of it. The change goes on if the caller does not wait.
     */
    readonly recycle: (plugin: string, change: Partial<PluginOptions>) => Effect.Effect<RecycleResult>
    /**
     * Stops the plugin with this name as an agent does that stops, and starts it
     * no more. Callers fail with `PluginDisabled`, which says that `by` says so: a
     * place in a configuration, for example. Completes when it is gone.
     */
    readonly disable: (plugin: string, by: string) => Effect.Effect<void>
    /** Lets the plugin be started again. False if it was not disabled. */
    readonly enable: (plugin: string) => Effect.Effect<boolean>
    /** Ends the quarantine of the plugin with this name. False if it was not quarantined. */
    readonly release: (plugin: string) => Effect.Effect<boolean>
    /** Where each plugin stands now. */
    readonly status: Effect.Effect<ReadonlyArray<PluginStatus>>
    /**
     * The current status of each plugin, then every change, in order for each
     * plugin. Ends when all have stopped. Nothing is dropped: what a watcher has
     * not read yet is kept for it.
     */
    readonly statusChanges: Stream.Stream<PluginStatus>
    /** What happens from now on. A subscriber that is 1,024 events behind misses the oldest. */
    readonly events: Stream.Stream<PluginEvent>
  }
>()("formae/agent/supervision/PluginCoordinator") {
  /**
   * Supervises the plugins of a catalog, started by a launcher. Closing it
   * drains and stops them, side by side, each within the bounds of its settings.
   */
  static readonly layerNoDeps = (
    options: SupervisionOptions = {},
  ): Layer.Layer<PluginCoordinator, never, Catalog | PluginLauncher | Quarantines> =>
    Layer.effect(
      PluginCoordinator,
      Effect.gen(function* () {
        const catalog = yield* Catalog
        const events = yield* PubSub.sliding<PluginEvent>(1024)
        const supervisors = yield* makeSupervisors(options, (event) =>
          Effect.andThen(Effect.andThen(measureEvent(event), logEvent(event)), PubSub.publish(events, event)),
        )

        const wanted = (options.startWith ?? []).map(supervisors.find).filter((one) => one !== undefined)
        const ready = yield* startEarly(new Set(wanted))

        const supervisorOf = (namespace: string): Effect.Effect<Supervisor, NamespaceUnknown> => {
          const supervisor = supervisors.find(namespace)
          // The catalog has the same namespaces, and the error for one that is unknown.
          return supervisor === undefined
            ? Effect.flatMap(catalog.find(namespace), () => Effect.die(`${namespace} has no supervisor`))
            : Effect.succeed(supervisor)
        }

        return PluginCoordinator.of({
          operator: Effect.fnUntraced(function* ({ namespace, operationId }) {
            const supervisor = yield* supervisorOf(namespace)
            yield* ready(supervisor, operationId)
            return makeRoutedOperator(supervisor)
          }),
          capabilities: Effect.fnUntraced(function* (namespace, described = []) {
            const supervisor = yield* supervisorOf(namespace)
            while (true) {
              const launch = yield* ready(supervisor)
              const result = yield* Effect.result(supervisor.used(launch.types(described)))
              if (result._tag === "Success") return result.success
              if (result.failure._tag !== "ConnectionLost") return yield* result.failure
              // Its end is bounded, and so is the number of launches that end like this.
              yield* supervisor.untilNext(launch, true)
            }
          }),
          configure: supervisors.configure,
          recycle: (plugin, change) =>
            supervisors.named(plugin)?.recycle(change) ?? Effect.succeed({ _tag: "NoSuchPlugin" }),
          disable: (plugin, by) => supervisors.named(plugin)?.disable(by) ?? Effect.void,
          enable: (plugin) => supervisors.named(plugin)?.enable ?? Effect.succeed(false),
          release: (plugin) => supervisors.named(plugin)?.release ?? Effect.succeed(false),
          status: Effect.forEach(supervisors.all, ({ entry, state }) =>
            Effect.map(state, (current) => ({ entry: entry(), state: current })),
          ),
          statusChanges: Stream.mergeAll(
            supervisors.all.map(({ changes, entry }) => Stream.map(changes, (state) => ({ entry: entry(), state }))),
            { concurrency: "unbounded" },
          ),
          events: Stream.fromPubSub(events),
        })
      }),
    )

  /** The plugins found in `directories`, each as a subprocess. Quarantines last as long as the layer. */
  static readonly layerProcesses = (directories: ReadonlyArray<string>, options?: SupervisionOptions) =>
    this.layerNoDeps(options).pipe(
      Layer.provide([PluginLauncher.layer, Quarantines.layerMemory]),
      Layer.provideMerge(Catalog.layerDirectories(directories)),
      Layer.provide(NodeNames.layer),
    )

  /**
   * Plugins that run inside the agent's own process, for tests and for hosts
   * that need no isolation. `inProcess` of `formae/plugin` makes them, and takes
   * schedules for their retries and polls. Quarantines last as long as the layer.
   *
   * The options are those of `layerProcesses`. What bounds a process has no
   * effect here: the handshake deadline, `health`, `stop`, and all `limits` but
   * `queued` and `queueMillis`.
   *
   * Fails with `PluginsConflict` if two plugins have the same namespace or the
   * same name.
   */
  static readonly layerInProcess = (
    plugins: ReadonlyArray<InProcessPlugin>,
    options?: SupervisionOptions,
  ): Layer.Layer<PluginCoordinator, PluginsConflict> =>
    this.layerNoDeps(options).pipe(
      Layer.provide([PluginLauncher.layerInProcess(plugins), Catalog.layerInProcess(plugins), Quarantines.layerMemory]),
    )
}
