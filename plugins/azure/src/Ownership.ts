/** Creates of what carries the operation id in its metadata: they may be repeated, and take over nothing of others. */
import { hasCode, ProviderError, Recovered, withNativeId } from "formae/plugin"
import type { OperationId, Properties, Recovery } from "formae/protocol"
import * as Effect from "effect/Effect"
import { isMadeBy, type ServiceMetadata } from "./Metadata.ts"

/** A resource as its service has it. */
export interface Described {
  readonly nativeId: string
  readonly properties: Properties
  /** All of it, the operation id too. */
  readonly metadata: ServiceMetadata
}

export const taken = (subject: string): ProviderError =>
  ProviderError.of("AlreadyExists", `${subject} already exists, and this operation did not create it`)

/** `create` makes the resource and its metadata in one step, and fails with `AlreadyExists` where the name is taken. */
export const createOnce = Effect.fnUntraced(function* <R>(work: {
  readonly nativeId: string
  readonly operationId: OperationId
  readonly create: Effect.Effect<unknown, ProviderError, R>
  readonly describe: Effect.Effect<Described, ProviderError, R>
}): Effect.fn.Return<Described, ProviderError, R> {
  const { create, describe, nativeId, operationId } = work
  const present = yield* create.pipe(
    Effect.as(undefined),
    Effect.catchIf(hasCode("AlreadyExists"), () => describe),
  )
  if (present === undefined) return yield* Effect.mapError(describe, withNativeId(nativeId))
  return isMadeBy(present.metadata, operationId) ? present : yield* taken(nativeId)
})

/** What became of such a create: its metadata tells. */
export const recoverByMetadata = <R>(
  operationId: OperationId,
  describe: Effect.Effect<Described, ProviderError, R>,
): Effect.Effect<Recovery, ProviderError, R> =>
  describe.pipe(
    Effect.map((found) => (isMadeBy(found.metadata, operationId) ? Recovered.done(found) : Recovered.notStarted)),
    Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Recovered.notStarted)),
  )
