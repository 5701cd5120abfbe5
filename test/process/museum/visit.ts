/** A visit to the museum: an agent's coordinator that has some exhibits for plugins, and one neighbour that does all right. */
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

/** The exhibit that does all right. */
const neighbour = "by-hand"

/** As its manifest has it: `exits-during-a-call` serves `ExitsDuringACall`. */
const namespaceOf = (exhibit: string) => exhibit.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** A plugin that is told to stop has no time, so that one that does not obey costs a test none. */
export const hurried: SupervisionSettings = {
  ...defaultSupervisionSettings,
  restart: { ...defaultSupervisionSettings.restart, baseMillis: 1, capMillis: 1, jitter: 0 },
  stop: { drainMillis: 0, inputEndedMillis: 100, terminateMillis: 100 },
}

/** A plugin that is silent is soon taken for stalled. For exhibits that are: a slow machine makes others silent too. */
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

/** Opens the exhibit. It is closed with the test, and then no process of it may be left. */
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
  /** The events of the exhibit, until there is one that `isLast`. */
  const eventsUntil = Effect.fnUntraced(function* (isLast: (event: PluginEvent) => boolean) {
    const seen: Array<PluginEvent> = []
    while (seen.length === 0 || !isLast(seen.at(-1)!)) {
      const event = yield* Queue.take(events)
      if (event.plugin === exhibit) seen.push(event)
    }
    return seen
  })
  /** The next event of the exhibit that has this tag. */
  const next = Effect.fnUntraced(function* <Tag extends PluginEvent["_tag"]>(tag: Tag) {
    const isIt = (event: PluginEvent): event is Extract<PluginEvent, { readonly _tag: Tag }> => event._tag === tag
    return (yield* eventsUntil(isIt)).findLast(isIt)!
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
  /** What the exhibit returns of a resource. */
  const properties = Effect.fnUntraced(function* (nativeId: string) {
    const ended = yield* perform(read(exhibit, nativeId))
    return ended.status === "Succeeded" ? ended.properties : yield* Effect.die(ended.failure.message)
  })

  // It keeps what it made in memory: whoever finds that again talks to the process that made it.
  yield* perform(create(neighbour, "made at the start"))
  const neighbourIsUnharmed = Effect.flatMap(perform(read(neighbour, "made at the start")), ({ status }) =>
    status === "Succeeded" ? Effect.void : Effect.die("The neighbour was started anew"),
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
    /** The line that the exhibit printed next that is this. */
    printed: (line: string) => eventsUntil((event) => event._tag === "Junk" && event.line === line),
    /** The agent, and another plugin of it, do what they did before. */
    neighbourIsUnharmed,
    /** Closes the coordinator, as an agent does that stops. */
    close: Scope.close(scope, Exit.void),
  }
})
