/** Discovery: lists what exists at providers, and leaves out what documents own. Changes nothing. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { namespaceKey, type NativeId } from "../../protocol/Identity.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { type ChangeFailed, changeErrorOf } from "../operations/ChangeFailed.ts"
import { makeResourceLister } from "../operations/ResourceLister.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import { withoutSecrets } from "../secrets/Seals.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { Discovered } from "./Discovered.ts"
import {
  failed,
  listsAtOnce,
  makeDiscoveryQuestions,
  namespaceIn,
  onceEach,
  type Owner,
  type Question,
  reachedOf,
  thingOf,
} from "./DiscoveryQuestions.ts"
import { type DiscoveryQuery, matchesQuery, nameIn } from "./discoveryQuery.ts"
import type { PluginDiscovery } from "./DiscoverySettings.ts"

/** Where a discovery looks, and for what. */
export interface DiscoverOptions {
  /** The targets at which it looks, by label. Those of the inventory if they are left out. */
  readonly targets?: FormaDocument["targets"] | undefined
  /** Only the targets with these labels. All if it is left out. */
  readonly at?: ReadonlyArray<string> | undefined
  /** Only resources of these types. `AWS::EC2` stands for all types that begin so. */
  readonly types?: ReadonlyArray<string> | undefined
  /**
   * Only resources that have these values, by the name of a tag or of a property.
   * A `*` in a value stands for any characters. Each resource is read for that.
   */
  readonly query?: DiscoveryQuery | undefined
  /**
   * The document that is to get what is found. What the state has of it already,
   * under labels that the document does not have, is found too: an import was
   * cut off before the document was written.
   */
  readonly into?: DiscoveryInto | undefined
}

/** A document that is to get what is found. */
export interface DiscoveryInto {
  /** The name of the forma. */
  readonly forma: string
  /** The labels of the resources that the document has. */
  readonly labels: ReadonlyArray<string>
}

/** Why a discovery could not begin, or was cut off. */
export type DiscoverError = AgentUnreachable | InventoryUnreadable | NamespaceUnknown | SqlError

export const makeDiscovery = Effect.gen(function* () {
  const { questionsAt, readOwned, requireNamespaces } = yield* makeDiscoveryQuestions
  const list = yield* makeResourceLister
  const reader = yield* ResourceReader

  /** A resource that was listed, if it is as the query asks. */
  const readListed = (
    { capabilities, config, name: target, place, settings }: Question,
    { label, nativeId }: Listed,
    query: DiscoveryQuery,
  ): Effect.Effect<ReadonlyArray<Discovered>> => {
    const { type } = capabilities
    return Effect.match(reader.read({ forma: "discover", label: "listed", type, nativeId }, config), {
      onFailure: (error): ReadonlyArray<Discovered> => [failed(target, type, changeErrorOf(error), nativeId)],
      onSuccess: (read) => {
        const properties = read === undefined ? undefined : withoutSecrets(read, capabilities)
        if (properties === undefined || !matchesQuery(properties, query)) return []
        if (settings?.filters?.some((filter) => matchesQuery(properties, filter)) === true) return []
        const name = nameIn(properties, type)
        return [foundOf({ type, target, place, nativeId }, { label, name })]
      },
    })
  }

  const ask = (
    question: Question,
    look: (nativeId: NativeId) => ReadonlyArray<Listed>,
    given: DiscoveryQuery | undefined,
  ) => {
    const { capabilities, config, name: target, place, settings } = question
    const query = queryWith(settings, given)
    const { type } = capabilities
    const found = ({ label, nativeId }: Listed) => foundOf({ type, target, place, nativeId }, { label })
    return list(type, config).pipe(
      Stream.map((page) => page.flatMap(look)),
      Stream.mapEffect((page) =>
        query === undefined
          ? Effect.succeed(page.map(found))
          : Effect.map(
              Effect.forEach(page, (one) => readListed(question, one, query), { concurrency: readsAtOnce }),
              (all) => all.flat(),
            ),
      ),
      Stream.catch((error: ChangeFailed) => Stream.make([failed(target, type, changeErrorOf(error))])),
      Stream.flattenIterable,
    )
  }

  return ({ at, into, query, targets, types }: DiscoverOptions = {}): Stream.Stream<Discovered, DiscoverError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const known = yield* readOwned
        const all = targets === undefined ? known.targets : Object.entries(targets).map(reachedOf)
        yield* requireNamespaces(types ?? [], all)
        const reached = at === undefined ? all : all.filter(({ name }) => at.includes(name))
        const asked = yield* Effect.forEach(reached, (target) => questionsAt(target, types))
        const questions = onceEach(asked.flatMap((one) => one.questions))
        const lookAt = (question: Question) => (nativeId: NativeId) =>
          unownedBy(
            (known.owned.get(thingOf(question.capabilities.type, nativeId)) ?? []).filter(
              ({ place }) => place === null || place === question.place,
            ),
            into,
          ).map((label): Listed => ({ nativeId, label }))
        const failures = [...missingOf(at, all), ...unreachedOf(types, all), ...asked.flatMap((one) => one.failures)]
        return Stream.fromIterable(failures).pipe(
          Stream.concat(
            Stream.fromIterable(questions).pipe(
              Stream.flatMap((question) => ask(question, lookAt(question), query), { concurrency: listsAtOnce }),
            ),
          ),
        )
      }),
    )
})

/** A name that is mistyped would find nothing. */
const missingOf = (at: ReadonlyArray<string> = [], all: ReadonlyArray<{ readonly name: string }>) => {
  const known = new Set(all.map(({ name }) => name))
  const there = known.size === 0 ? " are none" : ` are: ${[...known].join(", ")}`
  const message = `there is no such target; there${there}`
  return at
    .filter((name) => !known.has(name))
    .map((name) => failed(name, undefined, { code: "TargetUnknown", message }))
}

/** The same for a type of a plugin that no target is of. */
const unreachedOf = (types: ReadonlyArray<string> = [], all: ReadonlyArray<{ readonly namespace: string }>) => {
  const known = new Map(all.map(({ namespace }) => [namespaceKey(namespace), namespace]))
  const message =
    known.size === 0
      ? "there are no targets to look at"
      : `no target is of its plugin; the targets are of: ${[...known.values()].join(", ")}`
  return types
    .filter((type) => !known.has(namespaceKey(namespaceIn(type))))
    .map((type) => failed("", type, { code: "TargetUnknown", message }))
}

/** How many resources of one list are read side by side. */
const readsAtOnce = 8

/** What each resource has to be read for. Undefined where it need not be. */
const queryWith = (
  settings: PluginDiscovery | undefined,
  given: DiscoveryQuery | undefined,
): DiscoveryQuery | undefined =>
  settings?.query === undefined && settings?.filters === undefined ? given : { ...settings.query, ...given }

/** A resource of a list, with the label that it has in the state already. */
interface Listed {
  readonly nativeId: NativeId
  readonly label: string | undefined
}

/** The label of what a document may get, undefined where it has none yet. Empty where it belongs to somebody. */
const unownedBy = (
  owners: ReadonlyArray<Owner>,
  into: DiscoveryInto | undefined,
): ReadonlyArray<string | undefined> => {
  const [owner] = owners
  if (owner === undefined) return [undefined]
  const isLeft = owners.length === 1 && owner.forma === into?.forma && !into.labels.includes(owner.label)
  return isLeft ? [owner.label] : []
}

const foundOf = (
  thing: Pick<Extract<Discovered, { readonly _tag: "Found" }>, "type" | "target" | "place" | "nativeId">,
  { label, name }: { readonly label: string | undefined; readonly name?: string | undefined },
): Discovered =>
  Discovered.cases.Found.make({
    ...thing,
    ...(name === undefined ? {} : { name }),
    ...(label === undefined ? {} : { label }),
  })
