/** Creates that may be repeated, and that never take over what someone else created. */
import { hasCode, withNativeId, type ProviderAnswer, ProviderError, Recovered } from "formae/plugin"
import { isRecoverable, type OperationId, type Properties, type Recovery } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { TagKeys } from "./TagKeys.ts"
import * as Tags from "./Tags.ts"

/** A resource as its service describes it. */
export interface Description {
  readonly nativeId: string
  readonly properties: Properties
  /** All its tags, including hidden ones; undefined if the service keeps none. */
  readonly tags: Tags.Tags | undefined
}

/** The description once its visible tags are these. A service that keeps none is left without. */
export const withTags = <D extends Description>(description: D, wanted: Tags.Tags, keys: TagKeys): D => {
  if (description.tags === undefined) return description
  const tags = [...Tags.hidden(description.tags, keys), ...wanted]
  return { ...description, tags, properties: { ...description.properties, Tags: Tags.visible(tags, keys) } }
}

/** How an operation recognizes what it created. */
export interface Ownership<D extends Description> {
  /** What kind of thing it is, such as `The table`. Messages put its native id after it. */
  readonly subject: string
  readonly operationId: OperationId
  readonly keys: TagKeys
  /** Fails with `NotFound` if the name is free, or nothing has the tag. */
  readonly find: Effect.Effect<D, ProviderError>
  /** For a service that keeps no tags. */
  readonly isOwn?: ((description: D) => boolean) | undefined
}

/**
 * Fails unless this operation created the resource. A resource without the tag
 * counts as someone else's, although a service may show the tags of a resource
 * later than the resource itself: a create that is repeated in that moment fails
 * rather than take over what may not be its own. The native id that its first
 * attempt reported is kept.
 */
export const requireOwn = <D extends Description>(
  { keys, operationId, subject }: Pick<Ownership<D>, "keys" | "operationId" | "subject">,
  description: D,
) =>
  Tags.isMadeBy(description.tags, operationId, keys)
    ? Effect.succeed(description)
    : Effect.fail(alreadyExists(subject, description))

const alreadyExists = (subject: string, { nativeId }: Description): ProviderError =>
  ProviderError.of("AlreadyExists", `${subject} ${nativeId} already exists, and this operation did not create it`)

/**
 * Looks before it creates, because the create of some services succeeds although
 * the name is taken, and others would make a second resource. `looksFirst` is
 * false where the service refuses it instead: then a refusal leads to the same
 * look, so a create that is sent again finds its own resource either way.
 *
 * `create` returns the native id, and `describe` the resource after the create.
 * Without `describe`, the native id is the result; what was created must be
 * this operation's own, then.
 */
export const createOnce = Effect.fnUntraced(function* <D extends Description>(
  work: Ownership<D> & {
    readonly create: Effect.Effect<string, ProviderError>
    readonly describe: ((nativeId: string) => Effect.Effect<D, ProviderError>) | undefined
    readonly looksFirst?: boolean
  },
): Effect.fn.Return<D | string, ProviderError> {
  const { create, describe, find, isOwn, keys, looksFirst = true, operationId, subject } = work
  const own = Effect.filterOrFail(
    find,
    (description) => isOwn?.(description) === true || Tags.isMadeBy(description.tags, operationId, keys),
    (description) => alreadyExists(subject, description),
  )
  // Another operation may have taken the name between the look and the create; the tag shows it.
  const describeOwn = (describe: (nativeId: string) => Effect.Effect<D, ProviderError>) =>
    create.pipe(
      Effect.flatMap((nativeId) => Effect.mapError(describe(nativeId), withNativeId(nativeId))),
      Effect.filterOrFail(
        ({ tags }) => Tags.isMadeBy(tags, operationId, keys) || !Tags.hasCreator(tags, keys),
        (description) => alreadyExists(subject, description),
      ),
    )
  // A resource that is in the way but cannot be found as our own is someone else's.
  const ownOr = (refused: ProviderError) => Effect.catchIf(own, hasCode("NotFound"), () => Effect.fail(refused))
  const made: Effect.Effect<D | string, ProviderError> = describe === undefined ? create : describeOwn(describe)
  // A service may see that there is no room, or no right, before it sees that the first call has made it.
  const isInstead = ({ code, nativeId }: ProviderError) => !looksFirst && nativeId === undefined && !isRecoverable(code)
  const createOrOwn = Effect.catch(made, (refused) => {
    if (refused.code === "AlreadyExists") return ownOr(refused)
    return isInstead(refused) ? Effect.mapError(own, () => refused) : Effect.fail(refused)
  })
  return yield* looksFirst ? Effect.catchIf(own, hasCode("NotFound"), () => createOrOwn) : createOrOwn
})

/** What became of a create. This is certain only if nothing is found, or if what is found has the tag of an operation. */
export const recoverByTag = <D extends Description>(
  { find, keys, operationId, subject }: Ownership<D>,
  answer: (description: D) => Effect.Effect<ProviderAnswer, ProviderError>,
): Effect.Effect<Recovery, ProviderError> =>
  find.pipe(
    Effect.flatMap((description) => {
      if (Tags.isMadeBy(description.tags, operationId, keys)) return Effect.map(answer(description), toRecovery)
      return Effect.succeed(
        Tags.hasCreator(description.tags, keys)
          ? Recovered.notStarted
          : Recovered.unknown(
              `${subject} ${description.nativeId} exists, but the service does not say which operation created it`,
            ),
      )
    }),
    Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Recovered.notStarted)),
  )

const toRecovery = (answer: ProviderAnswer): Recovery =>
  answer._tag === "Succeeded" ? Recovered.done(answer) : Recovered.inProgress(answer)
