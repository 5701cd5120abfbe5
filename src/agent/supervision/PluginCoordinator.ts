/**
 * PluginCoordinator: knows which plugin serves which namespace, keeps it
 * alive, and hands out the operator that runs an operation.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import type * as Schedule from "effect/Schedule"
import * as SemVer from "effect/SemVer"
import * as Stream from "effect/Stream"
import { supportedProtocol } from "../../protocol/Handshake.ts"
import { Cookie, namespaceKey, type OperationId, type ResourceType } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import type { OperationKind } from "../../protocol/Operation.ts"
import type { PluginOperator } from "../../protocol/PluginOperator.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { agentVersion } from "../version.ts"
import { Catalog, type CatalogEntry } from "../catalog/Catalog.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { PluginUnavailable } from "./PluginUnavailable.ts"
import { NodeNames } from "../launch/NodeNames.ts"
import type { PluginEvent } from "./PluginEvent.ts"
import { PluginLauncher } from "../launch/PluginLauncher.ts"
import { restartSchedule } from "./policies.ts"
import { makeSupervisor, type Supervisor, type SupervisorState } from "./Supervisor.ts"

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

export class PluginCoordinator extends Context.Service<
  PluginCoordinator,
  {
    /** The operator of the plugin that serves the namespace. Starts the plugin, or waits for its restart. */
    readonly operator: (
      request: OperatorRequest,
    ) => Effect.Effect<PluginOperator["Service"], NamespaceUnknown | PluginUnavailable>
    /** What the plugin of a namespace can do. Starts the plugin if it does not run. */
    readonly capabilities: (
      namespace: string,
    ) => Effect.Effect<ReadonlyMap<ResourceType, TypeCapabilities>, NamespaceUnknown | PluginUnavailable>
    readonly status: Effect.Effect<ReadonlyArray<PluginStatus>>
    /** What happens from now on. */
    readonly events: Stream.Stream<PluginEvent>
  }
>()("formae/agent/supervision/PluginCoordinator") {
  /** Supervises the plugins of a catalog, started by a launcher. */
  static readonly layerSupervised = (
    policy: Schedule.Schedule<unknown> = restartSchedule,
  ): Layer.Layer<PluginCoordinator, never, Catalog | PluginLauncher> =>
    Layer.effect(
      PluginCoordinator,
      Effect.gen(function* () {
        const catalog = yield* Catalog
        const launcher = yield* PluginLauncher
        const events = yield* PubSub.sliding<PluginEvent>(1024)
        const supervisors = new Map<string, Supervisor>()
        for (const entry of catalog.entries) {
          const supervisor = yield* makeSupervisor({
            entry,
            launcher,
            restartSchedule: policy,
            publish: (event) => Effect.asVoid(PubSub.publish(events, event)),
          })
          supervisors.set(namespaceKey(entry.manifest.namespace), supervisor)
        }

        const ready = Effect.fnUntraced(function* (namespace: string) {
          const supervisor = supervisors.get(namespaceKey(namespace))
          // The catalog has the same namespaces, and the sentence for one that is not there.
          if (supervisor === undefined) return yield* Effect.flatMap(catalog.find(namespace), () => Effect.never)
          return yield* supervisor.ready
        })

        return PluginCoordinator.of({
          operator: ({ namespace }) => Effect.map(ready(namespace), (launch) => launch.operator),
          capabilities: (namespace) =>
            Effect.map(ready(namespace), ({ identity }) => new Map(identity.types.map((type) => [type.type, type]))),
          status: Effect.forEach([...supervisors.values()], ({ entry, state }) =>
            Effect.map(state, (current) => ({ entry, state: current })),
          ),
          events: Stream.fromPubSub(events),
        })
      }),
    )

  /** The plugins found in `directories`, each as a subprocess. */
  static readonly layerProcesses = (directories: ReadonlyArray<string>) =>
    this.layerSupervised().pipe(
      Layer.provide(PluginLauncher.layerProcess()),
      Layer.provideMerge(Catalog.layerDirectories(directories)),
      Layer.provide(NodeNames.layerLocal),
    )

  /** The same plugins without processes. */
  static readonly layerInProcess = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<PluginCoordinator> =>
    this.layerSupervised().pipe(Layer.provide(linkedLauncher(plugins)), Layer.provide(linkedCatalog(plugins)))
}

const linkedCatalog = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<Catalog> =>
  Layer.succeed(
    Catalog,
    Catalog.fromEntries(
      plugins.map(({ name, namespace, version }) => ({
        entryPath: `linked:${name}`,
        manifest: {
          name,
          namespace,
          version: SemVer.parseUnsafe(version),
          protocol: supportedProtocol,
          minAgentVersion: agentVersion,
          entry: `linked:${name}`,
          environment: [],
        },
      })),
    ),
  )

const linkedLauncher = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<PluginLauncher> =>
  Layer.effect(
    PluginLauncher,
    Effect.gen(function* () {
      const nodes = yield* NodeNames
      const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]))
      return PluginLauncher.of({
        launch: Effect.fnUntraced(function* ({ manifest }, generation) {
          const plugin = byName.get(manifest.name)
          if (plugin === undefined) return yield* Effect.die(`${manifest.name} is not linked in`)
          return {
            generation,
            operator: yield* plugin.operator,
            ended: Effect.never,
            identity: {
              protocol: supportedProtocol.max,
              name: plugin.name,
              namespace: plugin.namespace,
              version: plugin.version,
              node: nodes.agent,
              cookie: Cookie.make("linked"),
              pid: process.pid,
              types: plugin.types,
            },
          }
        }),
      })
    }),
  ).pipe(Layer.provide(NodeNames.layerLocal))
