/**
 * PluginCoordinator: knows which plugin serves which namespace, keeps it
 * alive, and hands out the operator that runs an operation.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { namespaceKey, type OperationId, type ResourceType } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import type { OperationKind } from "../../protocol/Operation.ts"
import { ConnectionLost } from "../../protocol/OperatorError.ts"
import { PluginOperator } from "../../protocol/PluginOperator.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../protocol/Settings.ts"
import { Catalog, type CatalogEntry } from "../catalog/Catalog.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { NodeNames } from "../launch/NodeNames.ts"
import { PluginLauncher } from "../launch/PluginLauncher.ts"
import { linkedCatalog, linkedLauncher } from "./linkedPlugins.ts"
import { logEvent } from "./logEvent.ts"
import type { PluginEvent } from "./PluginEvent.ts"
import type { PluginUnavailable } from "./PluginUnavailable.ts"
import { Quarantines } from "./Quarantines.ts"
import type { RestartPolicy } from "./RestartPolicy.ts"
import { defaultSupervisionSettings, type SupervisionSettings } from "./SupervisionSettings.ts"
import { makeSupervisor, type Supervisor } from "./Supervisor.ts"
import type { SupervisorState } from "./SupervisorState.ts"

/** What an operator is wanted for. */
export interface OperatorRequest {
  readonly namespace: string
  /** Which resource: `forma/label`, for logs and for a registrar that places work. */
  readonly resourceUri: string
  readonly operation: OperationKind
  readonly operationId: OperationId
}

/** One plugin of the catalog, and where it stands. */
export interface PluginStatus {
  readonly entry: CatalogEntry
  readonly state: SupervisorState
}

export interface SupervisionOptions {
  /** How the plugin of this name is supervised. */
  readonly supervision?: ((plugin: string) => SupervisionSettings) | undefined
  /** The restart policy of the plugin of this name, in the place of the one that its settings make. */
  readonly policy?: ((plugin: string) => RestartPolicy) | undefined
  /** The settings that the plugin of this name takes itself, by the schema that it declares. */
  readonly settings?: ((plugin: string) => Properties | undefined) | undefined
  /** How operators retry, poll and log, until `configure` says otherwise. */
  readonly operator?: OperatorSettings | undefined
}

/** Starts under way at once. More would take the processor from each other, and all be late. */
const startsAtOnce = 8

export class PluginCoordinator extends Context.Service<
  PluginCoordinator,
  {
    /**
     * The operator of the plugin that serves the namespace. Starts the plugin,
     * or waits for its restart. It goes with the plugin from launch to launch:
     * an operation that was not sent before a launch ended is sent to the next.
     */
    readonly operator: (
      request: OperatorRequest,
    ) => Effect.Effect<PluginOperator["Service"], NamespaceUnknown | PluginUnavailable>
    /** What the plugin of a namespace can do. Starts the plugin if it does not run. */
    readonly capabilities: (
      namespace: string,
    ) => Effect.Effect<ReadonlyMap<ResourceType, TypeCapabilities>, NamespaceUnknown | PluginUnavailable>
    /** New settings for all operators: of running plugins for their next operation, of others from their start. */
    readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
    /** Ends the quarantine of the plugin of this name. False where there is none. */
    readonly release: (plugin: string) => Effect.Effect<boolean>
    readonly status: Effect.Effect<ReadonlyArray<PluginStatus>>
    /** What happens from now on. */
    readonly events: Stream.Stream<PluginEvent>
  }
>()("formae/agent/supervision/PluginCoordinator") {
  /** Supervises the plugins of a catalog, started by a launcher. Closing it drains and stops them, side by side. */
  static readonly layerSupervised = (
    options: SupervisionOptions = {},
  ): Layer.Layer<PluginCoordinator, never, Catalog | PluginLauncher | Quarantines> =>
    Layer.effect(
      PluginCoordinator,
      Effect.gen(function* () {
        const catalog = yield* Catalog
        const launcher = yield* PluginLauncher
        const quarantines = yield* Quarantines
        const starts = yield* Semaphore.make(startsAtOnce)
        const events = yield* PubSub.sliding<PluginEvent>(1024)
        // A store that fails here must not stop supervision: it is said, and gone on.
        const remembered = yield* quarantines.list.pipe(
          Effect.catch((error) => Effect.as(Effect.logError(`The quarantines can not be read: ${error.message}`), [])),
        )
        const known = new Map(remembered.map((one) => [one.plugin, one]))
        let operatorSettings = options.operator ?? defaultOperatorSettings
        const supervisors = new Map<string, Supervisor>()
        for (const entry of catalog.entries) {
          const { name, namespace } = entry.manifest
          const policy = options.policy?.(name)
          const supervisor = yield* makeSupervisor({
            entry,
            launcher,
            settings: options.supervision?.(name) ?? defaultSupervisionSettings,
            ...(policy === undefined ? {} : { policy }),
            operatorSettings: () => operatorSettings,
            config: options.settings?.(name),
            quarantine: known.get(name),
            onQuarantine: (quarantine) =>
              (quarantine === undefined ? quarantines.remove(name) : quarantines.put(quarantine)).pipe(
                Effect.catch((error) =>
                  Effect.logError(`The quarantine of ${name} can not be written: ${error.message}`),
                ),
              ),
            starts,
            publish: (event) => Effect.andThen(logEvent(event), PubSub.publish(events, event)),
          })
          supervisors.set(namespaceKey(namespace), supervisor)
        }
        const all = [...supervisors.values()]
        yield* Effect.addFinalizer(() =>
          Effect.forEach(all, ({ stop }) => stop, { concurrency: "unbounded", discard: true }),
        )

        const supervisorOf = (namespace: string): Effect.Effect<Supervisor, NamespaceUnknown> => {
          const supervisor = supervisors.get(namespaceKey(namespace))
          // The catalog has the same namespaces, and the sentence for one that is not there.
          return supervisor === undefined
            ? Effect.flatMap(catalog.find(namespace), () => Effect.die(`${namespace} has no supervisor`))
            : Effect.succeed(supervisor)
        }

        return PluginCoordinator.of({
          operator: Effect.fnUntraced(function* ({ namespace, operationId }) {
            const supervisor = yield* supervisorOf(namespace)
            yield* supervisor.ready(operationId)
            return routed(supervisor)
          }),
          capabilities: Effect.fnUntraced(function* (namespace) {
            const supervisor = yield* supervisorOf(namespace)
            const { identity } = yield* supervisor.ready()
            return new Map(identity.types.map((type) => [type.type, type]))
          }),
          configure: (settings) =>
            Effect.suspend(() => {
              operatorSettings = settings
              return Effect.forEach(all, (supervisor) => supervisor.configure(settings), {
                concurrency: "unbounded",
                discard: true,
              })
            }),
          release: (plugin) => {
            const supervisor = all.find(({ entry }) => entry.manifest.name === plugin)
            return supervisor === undefined ? Effect.succeed(false) : supervisor.release
          },
          status: Effect.forEach(all, ({ entry, state }) =>
            Effect.map(state, (current) => ({ entry, state: current })),
          ),
          events: Stream.fromPubSub(events),
        })
      }),
    )

  /** The plugins found in `directories`, each as a subprocess. */
  static readonly layerProcesses = (directories: ReadonlyArray<string>, options?: SupervisionOptions) =>
    this.layerSupervised(options).pipe(
      Layer.provide([PluginLauncher.layerProcess, Quarantines.layerMemory]),
      Layer.provideMerge(Catalog.layerDirectories(directories)),
      Layer.provide(NodeNames.layerLocal),
    )

  /** The same plugins without processes. */
  static readonly layerInProcess = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<PluginCoordinator> =>
    this.layerSupervised().pipe(
      Layer.provide([linkedLauncher(plugins), linkedCatalog(plugins), Quarantines.layerMemory]),
    )
}

/** Sends each operation to the launch that serves at that time. */
const routed = (supervisor: Supervisor): PluginOperator["Service"] => {
  const onLaunch = Effect.fnUntraced(function* <A, E>(
    operationId: OperationId,
    call: (operator: PluginOperator["Service"]) => Effect.Effect<A, E | ConnectionLost>,
  ): Effect.fn.Return<A, E | ConnectionLost> {
    while (true) {
      const launch = yield* Effect.mapError(
        supervisor.ready(operationId),
        (error) => new ConnectionLost({ message: error.message, sent: false }),
      )
      const result = yield* Effect.result(call(launch.operator))
      if (result._tag === "Success") return result.success
      const lost = result.failure
      if (!(lost instanceof ConnectionLost) || lost.sent) return yield* Effect.fail(lost)
      // The launch takes nothing more. It ends, for its end is bounded, and then there is a next one.
      yield* launch.ended
    }
  })
  return PluginOperator.of({
    perform: (operation, observe) =>
      onLaunch(operation.operationId, (operator) => supervisor.perform(operator, operation, observe)),
    recover: (request) => onLaunch(request.operationId, (operator) => operator.recover(request)),
    list: (request) => onLaunch(request.operationId, (operator) => operator.list(request)),
  })
}
