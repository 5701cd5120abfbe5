/** Creates by name that may be repeated, and never take over what somebody else made. */
import { ProviderError } from "formae/plugin"
import { type ErrorCode, NativeId, type OperationId, type Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import { creatorOf, type Tags } from "./Tags.ts"

/** A resource as its service has it. */
export interface Described {
  readonly nativeId: string
  readonly properties: Properties
  /** All its tags, hidden ones too; undefined where the service keeps none. */
  readonly tags: Tags | undefined
}

export const hasCode =
  (code: ErrorCode) =>
  (error: ProviderError): boolean =>
    error.code === code

/** A failure of what comes after a create that was done: the resource is there, and must not be lost. */
export const ofMade = (nativeId: string) => (error: ProviderError) =>
  ProviderError.of(error.code, error.message, NativeId.make(nativeId))

/**
 * Fails unless this very operation created the resource. One without the tag is
 * taken for somebody else's, although a service may show the tags of a resource
 * later than the resource: a create that is repeated in that moment ends, and
 * does not take over what may not be its own. The native id that its first try
 * has told is kept.
 */
export const requireOwn = (subject: string, operationId: OperationId, described: Described) =>
  creatorOf(described.tags) === operationId ? Effect.succeed(described) : Effect.fail(taken(subject))

const taken = (subject: string): ProviderError =>
  ProviderError.of("AlreadyExists", `${subject} already exists, and this operation did not create it`)

/**
 * For services whose create succeeds where the name is taken: looks first.
 *
 * `find` fails with `NotFound` where the name is free; `create` gives the
 * native id, and `describe` what is there then.
 */
export const createOnce = Effect.fnUntraced(function* <R>(work: {
  readonly subject: string
  readonly operationId: OperationId
  readonly find: Effect.Effect<Described, ProviderError, R>
  readonly create: Effect.Effect<string, ProviderError, R>
  readonly describe: (nativeId: string) => Effect.Effect<Described, ProviderError, R>
}): Effect.fn.Return<Described, ProviderError, R> {
  const { create, describe, find, operationId, subject } = work
  const own = Effect.flatMap(find, (described) => requireOwn(subject, operationId, described))
  // Between the look and the create another operation may have taken the name; its tag tells.
  const createAndLook = create.pipe(
    Effect.flatMap((nativeId) => Effect.mapError(describe(nativeId), ofMade(nativeId))),
    Effect.filterOrFail(
      ({ tags }) => (creatorOf(tags) ?? operationId) === operationId,
      () => taken(subject),
    ),
  )
  return yield* own.pipe(
    Effect.catchIf(hasCode("NotFound"), () => createAndLook.pipe(Effect.catchIf(hasCode("AlreadyExists"), () => own))),
  )
})
