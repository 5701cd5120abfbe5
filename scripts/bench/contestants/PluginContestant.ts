/** A contestant that is a plugin: all of formae but the journal, from an operator of the PluginCoordinator to the plugin's handler. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import type { Finished } from "../../../src/protocol/Progress.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { nextRequest } from "../work/Read.ts"
import type { Contestant } from "./Contestant.ts"
import { type EffectContestant, startEffectContestant } from "./EffectContestant.ts"

/** How long a plugin that was killed may take to answer again. */
const comesBackWithinMillis = 30_000

/** Throws if the answer is not the right one. */
type Check = (answer: Finished) => void

/** The plugin, the calls that it is to answer, and the checks of its answers. */
export interface PluginContestant {
  /** The folder of the bundle in the folder of plugins. */
  readonly folder: string
  readonly namespace: string
  readonly resourceType: string
  readonly targetConfig: Properties
  /** The one resource to read. Without it each call reads another. */
  readonly nativeId?: string
  readonly checkRead: Check
  readonly create?: { readonly properties: Properties; readonly check: Check }
}

/** The folder of the plugins that the bench has bundled. */
export const { FORMAE_BENCH_PLUGINS: plugins = "." } = process.env

let operations = 0

const subjectOf = ({ resourceType, targetConfig }: PluginContestant) => ({
  operationId: OperationId.make(`operation-${++operations}`),
  resourceType: ResourceType.make(resourceType),
  targetConfig,
  label: "thing",
})

/** Kills the plugin and repeats a read that fails, until one succeeds. A call to a plugin that has just died fails, a later one reaches the next launch. */
const killAndRead = Effect.fnUntraced(function* <E>(pid: Effect.Effect<number>, read: Effect.Effect<void, E>) {
  process.kill(yield* pid, "SIGKILL")
  const killedAt = yield* Clock.currentTimeMillis
  const checkTime = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    now - killedAt > comesBackWithinMillis ? Effect.die("the plugin did not come back") : Effect.void,
  )
  yield* Effect.retry(
    Effect.tapError(read, () => checkTime),
    { while: () => true },
  )
})

const make = Effect.fnUntraced(function* (plugin: PluginContestant) {
  const { checkRead, create, folder, namespace } = plugin
  const services = yield* Layer.build(PluginCoordinator.layerProcesses([`${plugins}/${folder}`]))
  const coordinator = Context.get(services, PluginCoordinator)
  const operator = yield* coordinator.operator({
    namespace,
    resourceUri: "bench/thing",
    operation: "Read",
    operationId: OperationId.make("bench"),
  })
  const perform = (operation: Operation, check: Check) =>
    Effect.map(
      operator.perform(operation, () => Effect.void),
      check,
    )
  const read = Effect.suspend(() => {
    const nativeId = NativeId.make(plugin.nativeId ?? nextRequest().nativeId)
    return perform({ _tag: "Read", ...subjectOf(plugin), nativeId }, (answer) => {
      if (answer.nativeId !== undefined && answer.nativeId !== nativeId)
        throw new Error("the answer to another request")
      checkRead(answer)
    })
  })
  const pid = Effect.map(coordinator.status, ([only]) => {
    if (only?.state._tag !== "Ready") throw new Error(`the plugin is ${only?.state._tag}`)
    return only.state.launch.identity.pid
  })
  const contestant: EffectContestant = {
    pid: yield* pid,
    read: Effect.orDie(read),
    ...(create !== undefined && {
      create: Effect.suspend(() =>
        perform({ _tag: "Create", ...subjectOf(plugin), properties: create.properties }, create.check),
      ).pipe(Effect.orDie),
    }),
    killAndAsk: Effect.orDie(killAndRead(pid, read)),
  }
  return contestant
})

/** Starts the agent's side in this process and the plugin in its own. Completes with the plugin's first answer. */
export const startPlugin = (plugin: PluginContestant): Promise<Contestant> =>
  startEffectContestant(Effect.orDie(make(plugin)))
