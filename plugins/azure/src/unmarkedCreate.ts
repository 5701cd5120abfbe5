/**
 * Creates by name of what can not carry the operation id: tables, databases,
 * and their containers have no metadata. So whose it is must be known before
 * it is made, and `create` makes nothing: it looks whether the name is free,
 * and hands the work over with a request id. `status` does it.
 *
 * - A name that is taken when the operation begins is somebody else's: `AlreadyExists`.
 * - A request id says that the name was free. A try that broke off may have
 *   made the resource, so one that is found by then is taken for its work.
 * - The agent records the request id before it asks for the status, so that
 *   nothing is ever made of which it does not know how to go on.
 *
 * What is left is a resource that somebody else makes between the look and the
 * first try. Where that was another operation of this launch, it is noticed.
 */
import { Answer, hasCode, jsonText, ofMade, type ProviderError, Recovered, type ResourceSpec } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { AzureClients } from "./AzureClients.ts"
import { Made } from "./Creators.ts"
import { taken } from "./Ownership.ts"

interface UnmarkedSpec<P, Target> {
  readonly type: string
  readonly properties: Schema.Codec<P, unknown>
  /** What is unique in the place where the target is. */
  readonly nativeId: (properties: P) => string
  /** The account. */
  readonly placeOf: (target: Target) => string
  /** Fails with `AlreadyExists` where the name is taken. */
  readonly make: (target: Target, properties: P) => Effect.Effect<unknown, ProviderError, AzureClients>
  /** Fails with `NotFound` where there is none. */
  readonly describe: (target: Target, nativeId: string) => Effect.Effect<Properties, ProviderError, AzureClients>
  readonly remove: (target: Target, nativeId: string) => Effect.Effect<unknown, ProviderError, AzureClients>
}

type Handlers<P, Target> = Required<
  Pick<
    ResourceSpec<P, Target, AzureClients | Made>,
    "create" | "delete" | "idempotency" | "poll" | "read" | "recover" | "status"
  >
>

export const unmarkedCreate = <P, Target>(spec: UnmarkedSpec<P, Target>): Handlers<P, Target> => {
  const { describe, make, nativeId: nativeIdOf, placeOf, remove, type } = spec
  const work = jsonText("request id", spec.properties)
  const keyOf = (target: Target, nativeId: string) => JSON.stringify([type, placeOf(target), nativeId])

  return {
    idempotency: "name",
    // What is waited for is not the service's work but our own.
    poll: { baseMillis: 1, factor: 2, capMillis: 5_000 },

    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const made = yield* Made
      const nativeId = nativeIdOf(properties)
      const present = yield* whereFound(describe(target, nativeId))
      if (present === undefined) return Answer.inProgress({ requestId: yield* work.write(properties) })
      if ((yield* made.by(keyOf(target, nativeId))) !== operationId) return yield* taken(nativeId)
      return Answer.succeeded({ nativeId, properties: present })
    }),

    status: Effect.fnUntraced(function* ({ operationId, requestId, target }) {
      const made = yield* Made
      const properties = yield* work.read(requestId)
      const nativeId = nativeIdOf(properties)
      const key = keyOf(target, nativeId)
      yield* Effect.catchIf(make(target, properties), hasCode("AlreadyExists"), () =>
        Effect.gen(function* () {
          if (((yield* made.by(key)) ?? operationId) !== operationId) return yield* taken(nativeId)
          // Names that differ in case are one name to some services, and not this one.
          if ((yield* whereFound(describe(target, nativeId))) === undefined) return yield* taken(nativeId)
        }),
      )
      yield* made.note(key, operationId)
      const present = yield* Effect.mapError(describe(target, nativeId), ofMade(nativeId))
      return Answer.succeeded({ nativeId, properties: present })
    }),

    recover: Effect.fnUntraced(function* ({ nativeId: told, operationId, properties, target }) {
      const made = yield* Made
      const nativeId = nativeIdOf(properties)
      const present = yield* whereFound(describe(target, nativeId))
      if (present === undefined) return Recovered.notStarted
      const maker = yield* made.by(keyOf(target, nativeId))
      // The native id is told of what was made, and of nothing else.
      if (maker === operationId || told === nativeId) return Recovered.done({ nativeId, properties: present })
      return maker === undefined
        ? Recovered.unknown(`${nativeId} exists, and nothing in it says which operation made it`)
        : Recovered.notStarted
    }),

    read: ({ nativeId, target }) => describe(target, nativeId),

    delete: Effect.fnUntraced(function* ({ nativeId, target }) {
      yield* remove(target, nativeId)
      yield* (yield* Made).forget(keyOf(target, nativeId))
      return Answer.deleted(nativeId)
    }),
  }
}

const whereFound = <A, R>(found: Effect.Effect<A, ProviderError, R>): Effect.Effect<A | undefined, ProviderError, R> =>
  Effect.catchIf(found, hasCode("NotFound"), () => Effect.undefined)
