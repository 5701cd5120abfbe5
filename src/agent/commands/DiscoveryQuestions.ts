/** Which lists a discovery asks for: one for each type at each place, of the targets that it looks at. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type NativeId, namespaceKey, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { knownNames } from "../forma/nearestName.ts"
import { plainObject } from "../forma/SecretCheck.ts"
import { changeErrorOf, notReached } from "../operations/ChangeFailed.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import { Inventory } from "../records/Inventory.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { Discovered } from "./Discovered.ts"
import { DiscoverySettings, type PluginDiscovery } from "./DiscoverySettings.ts"

/** A target, and how it is reached. */
export interface Reached {
  readonly name: string
  readonly namespace: string
  readonly config: TargetConfig
}

/** Who has a thing. The place is null where its row does not say it. */
export interface Owner {
  readonly forma: string
  readonly label: string
  readonly place: string | null
}

/** One list that is asked for. */
export interface Question extends Reached {
  readonly capabilities: TypeCapabilities
  readonly place: string
  /** What is set for its plugin. */
  readonly settings: PluginDiscovery | undefined
}

/** What could not be listed, or read. */
export const failed = (target: string, type: string | undefined, error: ChangeError, nativeId?: NativeId): Discovered =>
  Discovered.cases.Failed.make({
    target,
    ...(type === undefined ? {} : { type }),
    ...(nativeId === undefined ? {} : { nativeId }),
    error,
  })

const isAsked = (type: string, asked: ReadonlyArray<string>): boolean =>
  asked.some((one) => one === type || type.startsWith(`${one}::`))

/** Of a type, or of its beginning. */
export const namespaceIn = (type: string): string => type.split("::")[0] ?? ""

/** Why nothing can be listed for a type that was asked for. A type that is mistyped would find nothing. */
const notListed = (asked: string, types: ReadonlyArray<string>): ChangeError =>
  types.some((type) => isAsked(type, [asked]))
    ? { code: "OperationNotSupported", message: `its plugin cannot list resources of the type ${asked}` }
    : { code: "TypeUnknown", message: `its plugin knows no such type; ${knownNames(asked, "types", types)}` }

/** Fails where neither a target nor a plugin has the namespace of a type: it is mistyped, and would find nothing. */
const makeRequireNamespaces = (coordinator: PluginCoordinator["Service"]) =>
  Effect.fnUntraced(function* (
    types: ReadonlyArray<string>,
    targets: ReadonlyArray<Reached>,
  ): Effect.fn.Return<void, NamespaceUnknown> {
    const plugins = yield* coordinator.status
    const served = [...targets.map((one) => one.namespace), ...plugins.map(({ entry }) => entry.manifest.namespace)]
    const known = new Set(served.map(namespaceKey))
    const unknown = types.map(namespaceIn).find((one) => !known.has(namespaceKey(one)))
    if (unknown === undefined) return
    // The coordinator says which there are, and whether a plugin for it was rejected.
    yield* Effect.catchIf(
      coordinator.capabilities(unknown),
      (error) => error._tag !== "NamespaceUnknown",
      () => Effect.void,
    )
  })

export const makeDiscoveryQuestions = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const identifier = yield* ResourceIdentifier
  const inventory = yield* Inventory
  const settings = yield* DiscoverySettings

  /** What is set for the plugin of a namespace. */
  const settingsOf = (namespace: string) =>
    Effect.zipWith(coordinator.status, settings, (plugins, of) => {
      const plugin = plugins.find(({ entry }) => namespaceKey(entry.manifest.namespace) === namespaceKey(namespace))
      return plugin === undefined ? undefined : of(plugin.entry.manifest.name)
    })

  /** Who has each thing of the inventory, and the targets at which they are. */
  const readOwned = Effect.gen(function* () {
    const owned = new Map<string, Array<Owner>>()
    const targets = new Map<string, Reached>()
    yield* Stream.runForEach(inventory.stream, ({ forma, label, nativeId, place, target, targetConfig, type }) =>
      Effect.sync(() => {
        const key = thingOf(type, nativeId)
        owned.set(key, [...(owned.get(key) ?? []), { forma, label, place }])
        const namespace = namespaceOf(type)
        targets.set(`${namespace} ${target} ${JSON.stringify(targetConfig)}`, {
          name: target,
          namespace,
          config: targetConfig,
        })
      }),
    )
    return { owned, targets: [...targets.values()] }
  })

  /** The lists of one target, and what cannot be listed there. */
  const questionsAt = Effect.fnUntraced(function* (target: Reached, named: ReadonlyArray<string> | undefined) {
    const settings = yield* settingsOf(target.namespace)
    const asked = named ?? settings?.types
    const found = yield* Effect.result(coordinator.capabilities(target.namespace))
    if (found._tag === "Failure") {
      return { failures: [failed(target.name, undefined, changeErrorOf(notReached(found.failure)))], questions: [] }
    }
    const types = [...found.success.values()]
    const own = asked?.filter((one) => namespaceKey(namespaceIn(one)) === namespaceKey(target.namespace))
    const chosen = own === undefined ? types : types.filter(({ type }) => isAsked(type, own))
    const missing = own?.filter((one) => !types.some(({ listable, type }) => listable && isAsked(type, [one]))) ?? []
    const placed = yield* Effect.forEach(
      chosen.filter(({ listable }) => listable),
      (capabilities) =>
        Effect.match(identifier.placeOf(capabilities.type, target.config), {
          onFailure: (error) => failed(target.name, capabilities.type, changeErrorOf(error)),
          onSuccess: (place): Question => ({ ...target, capabilities, place, settings }),
        }),
      { concurrency: listsAtOnce },
    )
    return {
      failures: [
        ...missing.map((one) =>
          failed(
            target.name,
            one,
            notListed(
              one,
              types.map(({ type }) => type),
            ),
          ),
        ),
        ...placed.filter((one): one is Discovered => "_tag" in one),
      ],
      questions: placed.filter((one): one is Question => "place" in one && !("_tag" in one)),
    }
  })

  return { readOwned, requireNamespaces: makeRequireNamespaces(coordinator), questionsAt }
})

/** Names a thing, but for its place. */
export const thingOf = (type: ResourceType, nativeId: NativeId): string => `${type} ${nativeId}`

/** A target of a document. */
export const reachedOf = ([name, { config = {}, namespace }]: [string, FormaDocument["targets"][string]]): Reached => ({
  name,
  namespace,
  config: plainObject(config),
})

/** Two targets may lead to one place, as those of a global service do. It is listed once. */
export const onceEach = (questions: ReadonlyArray<Question>): ReadonlyArray<Question> =>
  [
    ...new Map(questions.toReversed().map((one) => [`${one.capabilities.type} ${one.place}`, one])).values(),
  ].toReversed()

/** How many lists go on side by side. */
export const listsAtOnce = 4
