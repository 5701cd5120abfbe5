/** Discovery: lists what exists at providers, and leaves out what documents own. Changes nothing. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { NativeId } from "../../protocol/Identity.ts"
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
  onceEach,
  type Question,
  reachedOf,
  thingOf,
} from "./DiscoveryQuestions.ts"
import { type DiscoveryQuery, matchesQuery, nameIn } from "./discoveryQuery.ts"

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
}

/** Why a discovery could not begin, or was cut off. */
export type DiscoverError = AgentUnreachable | InventoryUnreadable | SqlError

export const makeDiscovery = Effect.gen(function* () {
  const { questionsAt, readOwned } = yield* makeDiscoveryQuestions
  const list = yield* makeResourceLister
  const reader = yield* ResourceReader

  /** A resource that was listed, if it is as the query asks. */
  const readListed = (
    { capabilities, config, name: target, place }: Question,
    nativeId: NativeId,
    query: DiscoveryQuery,
  ): Effect.Effect<ReadonlyArray<Discovered>> => {
    const { type } = capabilities
    return Effect.match(reader.read({ forma: "discover", label: "listed", type, nativeId }, config), {
      onFailure: (error): ReadonlyArray<Discovered> => [failed(target, type, changeErrorOf(error), nativeId)],
      onSuccess: (read) => {
        const properties = read === undefined ? undefined : withoutSecrets(read, capabilities)
        if (properties === undefined || !matchesQuery(properties, query)) return []
        const name = nameIn(properties, type)
        return [Discovered.cases.Found.make({ type, target, place, nativeId, ...(name === undefined ? {} : { name }) })]
      },
    })
  }

  const ask = (question: Question, isOwned: (nativeId: NativeId) => boolean, query: DiscoveryQuery | undefined) => {
    const { capabilities, config, name: target, place } = question
    const { type } = capabilities
    const found = (nativeId: NativeId) => Discovered.cases.Found.make({ type, target, place, nativeId })
    return list(type, config).pipe(
      Stream.map((page) => page.filter((nativeId) => !isOwned(nativeId))),
      Stream.mapEffect((page) =>
        query === undefined
          ? Effect.succeed(page.map(found))
          : Effect.map(
              Effect.forEach(page, (nativeId) => readListed(question, nativeId, query), { concurrency: readsAtOnce }),
              (all) => all.flat(),
            ),
      ),
      Stream.catch((error: ChangeFailed) => Stream.make([failed(target, type, changeErrorOf(error))])),
      Stream.flattenIterable,
    )
  }

  return ({ at, query, targets, types }: DiscoverOptions = {}): Stream.Stream<Discovered, DiscoverError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        const known = yield* readOwned
        const all = targets === undefined ? known.targets : Object.entries(targets).map(reachedOf)
        const reached = at === undefined ? all : all.filter(({ name }) => at.includes(name))
        const asked = yield* Effect.forEach(reached, (target) => questionsAt(target, types))
        const questions = onceEach(asked.flatMap((one) => one.questions))
        const isOwnedAt = (question: Question) => (nativeId: NativeId) =>
          (known.owned.get(thingOf(question.capabilities.type, nativeId)) ?? []).some(
            (place) => place === null || place === question.place,
          )
        return Stream.fromIterable(asked.flatMap((one) => one.failures)).pipe(
          Stream.concat(
            Stream.fromIterable(questions).pipe(
              Stream.flatMap((question) => ask(question, isOwnedAt(question), query), { concurrency: listsAtOnce }),
            ),
          ),
        )
      }),
    )
})

/** How many resources of one list are read side by side. */
const readsAtOnce = 8
