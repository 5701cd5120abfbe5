/** Creates that may be repeated, and never take over what somebody else made. */
import { hasCode, type ProviderAnswer, ProviderError, Recovered, withNativeId } from "formae/plugin"
import type { OperationId, Properties, Recovery } from "formae/protocol"
import * as Effect from "effect/Effect"
import { creatorOf, type Tags } from "./Tags.ts"

/** A resource as its service has it. */
export interface Described {
  readonly nativeId: string
  readonly properties: Properties
  /** All its tags, hidden ones too; undefined where the service keeps none. */
  readonly tags: Tags | undefined
}

/** How an operation knows what it has made. */
export interface Ownership<D extends Described> {
  /** What it is; its native id is put after it. */
  readonly subject: string
  readonly operationId: OperationId
  /** Fails with `NotFound` where the name is free, or nothing has the tag. */
  readonly find: Effect.Effect<D, ProviderError>
  /** For a service that keeps no tags. */
  readonly isOwn?: ((described: D) => boolean) | undefined
}

/**
 * Fails unless this very operation created the resource. One without the tag is
 * taken for somebody else's, although a service may show the tags of a resource
 * later than the resource: a create that is repeated in that moment ends, and
 * does not take over what may not be its own. The native id that its first try
 * has told is kept.
 */
export const requireOwn = <D extends Described>(subject: string, operationId: OperationId, described: D) =>
  madeHere(operationId, described) ? Effect.succeed(described) : Effect.fail(taken(subject, described))

const madeHere = (operationId: OperationId, described: Described): boolean => creatorOf(described.tags) === operationId

const taken = (subject: string, { nativeId }: Described): ProviderError =>
  ProviderError.of("AlreadyExists", `${subject} ${nativeId} already exists, and this operation did not create it`)

/**
 * Looks first, for services whose create succeeds where the name is taken.
 *
 * `create` gives the native id, and `describe` what is there then.
 */
export const createOnce = Effect.fnUntraced(function* <D extends Described>(
  work: Ownership<D> & {
    readonly create: Effect.Effect<string, ProviderError>
    readonly describe: (nativeId: string) => Effect.Effect<D, ProviderError>
  },
): Effect.fn.Return<D, ProviderError> {
  const { create, describe, find, isOwn, operationId, subject } = work
  const own = Effect.filterOrFail(
    find,
    (described) => isOwn?.(described) === true || madeHere(operationId, described),
    (described) => taken(subject, described),
  )
  // Between the look and the create another operation may have taken the name; its tag tells.
  const createAndLook = create.pipe(
    Effect.flatMap((nativeId) => Effect.mapError(describe(nativeId), withNativeId(nativeId))),
    Effect.filterOrFail(
      ({ tags }) => (creatorOf(tags) ?? operationId) === operationId,
      (described) => taken(subject, described),
    ),
  )
  // What is in the way, and can not be found as ours, is somebody else's.
  const ownOr = (refused: ProviderError) => Effect.catchIf(own, hasCode("NotFound"), () => Effect.fail(refused))
  return yield* own.pipe(
    Effect.catchIf(hasCode("NotFound"), () => Effect.catchIf(createAndLook, hasCode("AlreadyExists"), ownOr)),
  )
})

/** What became of a create. Certain only where the tag of an operation is seen, or nothing is there. */
export const whatBecameOf = <D extends Described>(
  { find, operationId, subject }: Ownership<D>,
  answer: (described: D) => Effect.Effect<ProviderAnswer, ProviderError>,
): Effect.Effect<Recovery, ProviderError> =>
  find.pipe(
    Effect.flatMap((described) => {
      const creator = creatorOf(described.tags)
      if (creator === operationId) return Effect.map(answer(described), recoveredFrom)
      return Effect.succeed(
        creator === undefined
          ? Recovered.unknown(
              `${subject} ${described.nativeId} is there, and the service does not say which operation made it`,
            )
          : Recovered.notStarted,
      )
    }),
    Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Recovered.notStarted)),
  )

const recoveredFrom = (answer: ProviderAnswer): Recovery =>
  answer._tag === "Succeeded" ? Recovered.done(answer) : Recovered.inProgress(answer)
