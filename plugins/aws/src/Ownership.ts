/** Creates by name that may be repeated, and never take over what somebody else made. */
import { ProviderError } from "formae/plugin"
import type { ErrorCode, OperationId, Properties } from "formae/protocol"
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

/** Fails unless this very operation created the resource. */
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
    Effect.flatMap(describe),
    Effect.filterOrFail(
      ({ tags }) => (creatorOf(tags) ?? operationId) === operationId,
      () => taken(subject),
    ),
  )
  return yield* own.pipe(
    Effect.catchIf(hasCode("NotFound"), () => createAndLook.pipe(Effect.catchIf(hasCode("AlreadyExists"), () => own))),
  )
})
