/** A provider in memory whose plants others can change, and an agent that grows them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import type { FormaResource } from "../../src/agent/forma/FormaDocument.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { Namespace, NativeId, ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"

const plant = ResourceType.make("Garden::Of::Plant")

/** Like a plant, and another type. */
export const tree = ResourceType.make("Garden::Of::Tree")

const properties = Schema.Struct({
  Name: Property.createOnly(Schema.String),
  Color: Schema.optionalKey(Schema.String),
  /** The provider chooses one where none is wanted. */
  Height: Schema.optionalKey(Schema.Int),
  /** The provider writes it in small letters. */
  Kind: Schema.optionalKey(Property.caseInsensitive(Schema.String)),
  /** Its order has no meaning. */
  Tools: Schema.optionalKey(Property.unordered(Schema.Array(Schema.String))),
  Labels: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  Key: Schema.optionalKey(Property.opaque(Schema.String)),
  /** `port 80` and `80` are the same. */
  Port: Schema.optionalKey(Schema.String),
  Beside: Schema.optionalKey(Schema.String),
  Id: Property.output(Schema.String),
})

const portOf = (given: Properties): Properties =>
  typeof given["Port"] === "string" ? { ...given, Port: given["Port"].replace(/^port /, "") } : given

export const makeGarden = () => {
  const plants = new Map<string, Properties>()
  /** What is done before the answer to a read of a plant, by its name. */
  const onRead = new Map<string, Effect.Effect<unknown, ProviderError>>()
  /** The plants whose updates the provider only accepts, by their names, with what is done once `finish` has run. */
  const slow = new Set<string>()
  const accepted = new Map<string, () => void>()
  let isFinished = false
  const calls: Array<string> = []
  let count = 0
  const answer = (nativeId: string) => Answer.succeeded({ nativeId, properties: { ...plants.get(nativeId) } as never })
  const stored = (nativeId: string, given: Properties): Properties => ({
    Height: 3,
    ...portOf(given),
    ...(typeof given["Kind"] === "string" && { Kind: given["Kind"].toLowerCase() }),
    Id: nativeId,
  })
  const typeOf = (type: string) =>
    defineResource({
      type,
      idempotency: "token",
      target: Schema.Struct({}),
      properties,
      canonical: portOf,
      create: ({ properties: given }) =>
        Effect.sync(() => {
          const nativeId = `${given.Name}-${++count}`
          calls.push(`create ${nativeId}`)
          plants.set(nativeId, stored(nativeId, given))
          return answer(nativeId)
        }),
      read: ({ nativeId }) =>
        Effect.gen(function* () {
          calls.push(`read ${nativeId}`)
          yield* onRead.get(nativeId) ?? Effect.void
          const found = plants.get(nativeId)
          return found === undefined ? yield* ProviderError.of("NotFound", "it is gone") : ({ ...found } as never)
        }),
      update: ({ desired, nativeId }) =>
        Effect.sync(() => {
          calls.push(`update ${nativeId}`)
          const change = () =>
            plants.set(nativeId, stored(nativeId, { Height: plants.get(nativeId)?.["Height"] ?? 3, ...desired }))
          if (slow.has(nameOf(nativeId))) {
            accepted.set(nativeId, change)
            return Answer.inProgress({ requestId: "accepted", nativeId })
          }
          change()
          return answer(nativeId)
        }),
      status: ({ nativeId = NativeId.make("nothing") }) =>
        Effect.sync(() => {
          if (!isFinished) return Answer.inProgress({ requestId: "accepted", nativeId })
          accepted.get(nativeId)?.()
          return answer(nativeId)
        }),
      delete: ({ nativeId }) =>
        Effect.sync(() => {
          calls.push(`delete ${nativeId}`)
          plants.delete(nativeId)
          return Answer.deleted(nativeId)
        }),
    })
  const plugin = inProcess(
    definePlugin({ name: "garden", namespace: "Garden", version: "1.0.0", types: [plant, tree].map(typeOf) }),
  )
  const nameOf = (nativeId: string): string => nativeId.replace(/-\d+$/, "")
  const nativeIdOf = (name: string): string => [...plants.keys()].find((id) => id.startsWith(`${name}-`)) ?? name
  return {
    plants,
    calls,
    plugin,
    nativeIdOf,
    /** From now on an update of the plant is accepted and not done. */
    beginSlowly: (name: string) => Effect.sync(() => void slow.add(name)),
    /** Does what was accepted. */
    finish: Effect.sync(() => void (isFinished = true)),
    beforeRead: (name: string, effect: Effect.Effect<unknown, ProviderError>) =>
      Effect.sync(() => void onRead.set(nativeIdOf(name), effect)),
    /** Changes a plant without the agent. What is undefined is taken out. */
    elsewhere: (name: string, change: Readonly<Record<string, Properties[string] | undefined>>) =>
      Effect.sync(() => {
        const nativeId = nativeIdOf(name)
        const changed = Object.entries({ ...plants.get(nativeId), ...change })
        plants.set(nativeId, Object.fromEntries(changed.filter(([, value]) => value !== undefined)) as Properties)
      }),
    /** Deletes a plant without the agent. */
    uproot: (name: string) => Effect.sync(() => plants.delete(nativeIdOf(name))),
    /** The calls since the last time that this was run. */
    newCalls: Effect.sync(() => calls.splice(0)),
  }
}

type Garden = ReturnType<typeof makeGarden>

/** The agent, with the store that it writes. */
export const layerGarden = ({ plugin }: Garden, layerAgent = Agent.layer) =>
  layerAgent.pipe(
    Layer.provide(PluginCoordinator.layerInProcess([plugin])),
    Layer.provideMerge(Layer.fresh(layerTestStore)),
  )

export type Plants = Readonly<Record<string, Properties>>

/** Plants by label, whose names are their labels. */
export const formaOfPlants = (
  plants: Plants,
  care: Readonly<Record<string, Pick<FormaResource, "drift" | "ignore" | "onRemove" | "protect">>> = {},
  more: Partial<Pick<Forma, "moved" | "name" | "targets">> = {},
): Forma => ({
  name: "beds",
  targets: { here: { namespace: Namespace.make("Garden"), config: {} } },
  resources: Object.entries(plants).map(([label, given]) => ({
    label,
    type: plant,
    target: "here",
    properties: { Name: label, ...given },
    ...care[label],
  })),
  ...more,
})

/** What differs, as `label operation place: wanted -> found`. */
export const driftOf = ({ resources }: CommandResult): ReadonlyArray<string> =>
  resources.flatMap(({ drift, error, label, operation }) => {
    if (error !== null) return [`${label} ${error.code}`]
    if (drift === undefined) return [`${label} without drift`]
    if (drift.goneSince !== undefined) return [`${label} ${operation} gone`]
    return drift.places.map(
      ({ found, path, wanted }) =>
        `${label} ${operation} ${path}: ${JSON.stringify(wanted) ?? "nothing"} -> ${JSON.stringify(found) ?? "nothing"}`,
    )
  })
