/**
 * Creates by name of resources that cannot carry the operation id, because they
 * have no metadata: tables, databases and their containers. Who owns such a
 * resource must be known before it exists. So `create` creates nothing: it
 * checks that the name is free and hands the work over with a request id.
 * `status` does the work.
 *
 * - A name that is taken when the operation begins belongs to someone else:
 *   `AlreadyExists`.
 * - A request id proves that the name was free. An interrupted attempt may have
 *   created the resource, so a resource that is found later counts as its work.
 * - The agent records the request id before it asks for the status, so nothing
 *   is ever created that the agent could not continue with.
 *
 * One gap remains: someone else may create the resource between the check and
 * the first attempt. If that was another operation of this launch, it is noticed.
 */
import {
  Answer,
  hasCode,
  jsonText,
  withNativeId,
  type ProviderError,
  Recovered,
  type ResourceSpec,
} from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { AzureClients } from "./AzureClients.ts"
import { Creators } from "./Creators.ts"
import { alreadyExists } from "./Ownership.ts"

interface UnmarkedSpec<P, Target> {
  readonly type: string
  readonly properties: Schema.Codec<P, unknown>
  /** Unique within the place of a target. */
  readonly nativeId: (properties: P) => string
  /** The account. */
  readonly placeOf: (target: Target) => string
  /** Fails with `AlreadyExists` if the name is taken. */
  readonly create: (target: Target, properties: P) => Effect.Effect<unknown, ProviderError, AzureClients>
  /** Fails with `NotFound` if the resource does not exist. */
  readonly describe: (target: Target, nativeId: string) => Effect.Effect<Properties, ProviderError, AzureClients>
  readonly delete: (target: Target, nativeId: string) => Effect.Effect<unknown, ProviderError, AzureClients>
}

type Handlers<P, Target> = Required<
  Pick<
    ResourceSpec<P, Target, AzureClients | Creators>,
    "create" | "delete" | "idempotency" | "poll" | "read" | "recover" | "status"
  >
>

export const unmarkedCreate = <P, Target>(spec: UnmarkedSpec<P, Target>): Handlers<P, Target> => {
  const { describe, nativeId: nativeIdOf, placeOf, type } = spec
  const requestIds = jsonText("request id", spec.properties, "UnforeseenError")
  const keyOf = (target: Target, nativeId: string) => JSON.stringify([type, placeOf(target), nativeId])

  return {
    idempotency: "name",
    // What is polled is our own work, not the service's.
    poll: { baseMillis: 1, factor: 2, capMillis: 5_000 },

    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const creators = yield* Creators
      const nativeId = nativeIdOf(properties)
      const present = yield* undefinedIfMissing(describe(target, nativeId))
      if (present === undefined) return Answer.inProgress({ requestId: yield* requestIds.write(properties) })
      if ((yield* creators.creatorOf(keyOf(target, nativeId))) !== operationId) return yield* alreadyExists(nativeId)
      return Answer.succeeded({ nativeId, properties: present })
    }),

    status: Effect.fnUntraced(function* ({ operationId, requestId, target }) {
      const creators = yield* Creators
      const properties = yield* requestIds.read(requestId)
      const nativeId = nativeIdOf(properties)
      const key = keyOf(target, nativeId)
      yield* Effect.catchIf(spec.create(target, properties), hasCode("AlreadyExists"), () =>
        Effect.gen(function* () {
          if (((yield* creators.creatorOf(key)) ?? operationId) !== operationId) return yield* alreadyExists(nativeId)
          // For some services names that differ only in case are the same: then the existing resource is not this one.
          if ((yield* undefinedIfMissing(describe(target, nativeId))) === undefined)
            return yield* alreadyExists(nativeId)
        }),
      )
      yield* creators.record(key, operationId)
      const present = yield* Effect.mapError(describe(target, nativeId), withNativeId(nativeId))
      return Answer.succeeded({ nativeId, properties: present })
    }),

    recover: Effect.fnUntraced(function* ({ nativeId: knownNativeId, operationId, properties, target }) {
      const creators = yield* Creators
      const nativeId = nativeIdOf(properties)
      const present = yield* undefinedIfMissing(describe(target, nativeId))
      if (present === undefined) return Recovered.notStarted
      const creator = yield* creators.creatorOf(keyOf(target, nativeId))
      // The agent knows the native id only of a resource that the operation has created.
      if (creator === operationId || knownNativeId === nativeId) {
        return Recovered.done({ nativeId, properties: present })
      }
      return creator === undefined
        ? Recovered.unknown(`${nativeId} exists, but nothing in it says which operation created it`)
        : Recovered.notStarted
    }),

    read: ({ nativeId, target }) => describe(target, nativeId),

    delete: Effect.fnUntraced(function* ({ nativeId, target }) {
      yield* spec.delete(target, nativeId)
      yield* (yield* Creators).forget(keyOf(target, nativeId))
      return Answer.deleted(nativeId)
    }),
  }
}

const undefinedIfMissing = <A, R>(
  described: Effect.Effect<A, ProviderError, R>,
): Effect.Effect<A | undefined, ProviderError, R> =>
  Effect.catchIf(described, hasCode("NotFound"), () => Effect.undefined)
