/** Creates of resources that carry the operation id in their metadata: they may be repeated, and take over nothing. */
import { hasCode, withNativeId, ProviderError, Recovered } from "formae/plugin"
import type { OperationId, Properties, Recovery } from "formae/protocol"
import * as Effect from "effect/Effect"
import { isMadeBy, type ServiceMetadata } from "./Metadata.ts"
import type { MetadataKeys } from "./MetadataKeys.ts"

/** A resource as its service describes it. */
export interface Description {
  readonly nativeId: string
  readonly properties: Properties
  /** All metadata, including the operation id. */
  readonly metadata: ServiceMetadata
}

export const alreadyExists = (subject: string): ProviderError =>
  ProviderError.of("AlreadyExists", `${subject} already exists, and this operation did not create it`)

/** `create` creates the resource and its metadata in one step, and fails with `AlreadyExists` if the name is taken. */
export const createOnce = Effect.fnUntraced(function* <R>(work: {
  readonly nativeId: string
  readonly operationId: OperationId
  readonly keys: MetadataKeys
  readonly create: Effect.Effect<unknown, ProviderError, R>
  readonly describe: Effect.Effect<Description, ProviderError, R>
}): Effect.fn.Return<Description, ProviderError, R> {
  const { create, describe, keys, nativeId, operationId } = work
  const present = yield* create.pipe(
    Effect.as(undefined),
    Effect.catchIf(hasCode("AlreadyExists"), () => describe),
  )
  if (present === undefined) return yield* Effect.mapError(describe, withNativeId(nativeId))
  return isMadeBy(present.metadata, operationId, keys) ? present : yield* alreadyExists(nativeId)
})

/** What became of such a create, according to the metadata of the resource. */
export const recoverByMetadata = <R>(
  operationId: OperationId,
  keys: MetadataKeys,
  describe: Effect.Effect<Description, ProviderError, R>,
): Effect.Effect<Recovery, ProviderError, R> =>
  describe.pipe(
    Effect.map((found) => (isMadeBy(found.metadata, operationId, keys) ? Recovered.done(found) : Recovered.notStarted)),
    Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Recovered.notStarted)),
  )
