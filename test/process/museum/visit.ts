/** A visit to the museum of misbehaving plugins: a coordinator runs one exhibit, and a neighbour that behaves well. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"
import {
  defaultSupervisionSettings,
  type SupervisionSettings,
} from "../../../src/agent/supervision/SupervisionSettings.ts"
import { NativeId, type OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import { Operation } from "../../../src/protocol/Operation.ts"
import type { ProgressObserver } from "../../../src/protocol/PluginOperator.ts"
import { freshOperationId } from "../../operator/operations.ts"
import { untilNoneRuns } from "../processState.ts"

const museum = fileURLToPath(new URL("../../fixtures/plugins/museum", import.meta.url))

/** The exhibit that behaves well. */
const neighbour = "by-hand"

/** The namespace in its manifest: `exits-during-a-call` serves `ExitsDuringACall`. */
const namespaceOf = (exhibit: string) => exhibit.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A plugin that is asked to stop gets almost no time, so that one that does not obey delays no test. */
export const hurried: SupervisionSettings = {
  ...defaultSupervisionSettings,
  restart: { ...defaultSupervisionSettings.restart, baseMillis: 1, capMillis: 1, jitter: 0 },
  stop: { drainMillis: 0, inputEndedMillis: 100, terminateMillis: 100 },
}

/** A silent plugin soon counts as stalled. Only for exhibits that stall: on a slow machine others are silent too. */
export const impatient: SupervisionSettings = {
  ...hurried,
  health: { tickMillis: 50, suspectMillis: 100, stalledMillis: 300 },
}

export const read = (exhibit: string, nativeId: string, operationId: OperationId = freshOperationId()) =>
  Operation.cases.Read.make({
    operationId,
    resourceType: ResourceType.make(`${namespaceOf(exhibit)}::Museum::Exhibit`),
    targetConfig: {},
    label: "it",
    nativeId: NativeId.make(nativeId),
  })

export const create = (exhibit: string, label: string) =>
  Operation.cases.Create.make({
    operationId: freshOperationId(),
    resourceType: ResourceType.make(`${namespaceOf(exhibit)}::Museum::Exhibit`),
    targetConfig: {},
    label,
    properties: { Label: label },
  })

const unobserved: ProgressObserver = () => Effect.void

/** Runs the exhibit until the test ends. Then no process of it may be left. */
export const visit = Effect.fnUntraced(function* (exhibit: string, settings: SupervisionSettings = hurried) {
  yield* Effect.addFinalizer(() => untilNoneRuns(`/museum/${exhibit}/`))
  const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
  const logged: Array<string> = []
  const logger = Logger.make(({ message }) => void logged.push(String(message)))
  const directories = [...new Set([exhibit, neighbour])].map((name) => `${museum}/${name}`)
  const services = yield* PluginCoordinator.layerProcesses(directories, {
    supervision: (plugin) => (plugin === exhibit ? settings : hurried),
  }).pipe(Layer.provide([NodeServices.layer, Logger.layer([logger])]), Layer.buildWithScope(scope))
  const coordinator = Context.get(services, PluginCoordinator)

  const events = yield* Queue.unbounded<PluginEvent>()
  yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
    Effect.forkScoped({ startImmediately: true }),
  )
  /** The next events of the exhibit, up to the first one that `isLast` accepts. */
  const eventsUntil = Effect.fnUntraced(function* (isLast: (event: PluginEvent) => boolean) {
    const seen: Array<PluginEvent> = []
    while (seen.length === 0 || !isLast(seen.at(-1)!)) {
      const event = yield* Queue.take(events)
      if (event.plugin === exhibit) seen.push(event)
    }
    return seen
  })
  /** The next event of the exhibit with this tag. */
  const next = Effect.fnUntraced(function* <Tag extends PluginEvent["_tag"]>(tag: Tag) {
    const matches = (event: PluginEvent): event is Extract<PluginEvent, { readonly _tag: Tag }> => event._tag === tag
    return (yield* eventsUntil(matches)).findLast(matches)!
  })

  const perform = Effect.fnUntraced(function* (operation: Operation, observe: ProgressObserver = unobserved) {
    const operator = yield* coordinator.operator({
      namespace: operation.resourceType.split("::")[0]!,
      resourceUri: "museum/it",
      operation: operation._tag,
      operationId: operation.operationId,
    })
    return yield* operator.perform(operation, observe)
  })
  /** The properties that the exhibit returns for a resource. */
  const properties = Effect.fnUntraced(function* (nativeId: string) {
    const ended = yield* perform(read(exhibit, nativeId))
    return ended.status === "Succeeded" ? ended.properties : yield* Effect.die(ended.failure.message)
  })

  // The neighbour keeps its resources in memory, so one that still has them is the same process.
  yield* perform(create(neighbour, "made at the start"))
  const neighbourIsUnharmed = Effect.flatMap(perform(read(neighbour, "made at the start")), ({ status }) =>
    status === "Succeeded" ? Effect.void : Effect.die("The neighbour was restarted"),
  )

  return {
    coordinator,
    logged,
    eventsUntil,
    next,
    perform,
    properties,
    /** Reads a resource of the exhibit. */
    read: (nativeId: string, operationId?: OperationId) => perform(read(exhibit, nativeId, operationId)),
    /** The next events of the exhibit, up to this printed line. */
    printed: (line: string) => eventsUntil((event) => event._tag === "Junk" && event.line === line),
    /** Checks that the agent and another plugin work as before. */
    neighbourIsUnharmed,
    /** Closes the coordinator, as an agent does when it stops. */
    close: Scope.close(scope, Exit.void),
  }
})
