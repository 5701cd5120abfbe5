/** How each command claims, whether its claims are in memory or rows: first its documents, and then its resources. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ClaimSet, covers, nothing } from "./ClaimQueue.ts"
import type { Claimed, ClaimedResources, ClaimOptions } from "./Claimed.ts"
import type { StateError } from "./StateError.ts"

/** What is done with one claim, where the claims are. */
export interface ClaimSteps<Request extends { readonly set: ClaimSet }> {
  /** Makes a claim and waits until it is granted. Where it is not, nothing of it stays. `isMade` gets it before it can be in anybody's way. */
  readonly enter: (
    set: ClaimSet,
    options: ClaimOptions,
    isMade: (request: Request) => void,
  ) => Effect.Effect<void, StateError>
  /** Ends a claim. Does nothing if it has ended. */
  readonly free: (request: Request) => Effect.Effect<void>
  /** Ends a claim under which nothing was changed. Does nothing if it has ended. */
  readonly withdraw: (request: Request) => Effect.Effect<void>
  /** The moment, as `isFreedSince` takes it. */
  readonly now: Effect.Effect<number, StateError>
  /** Whether something of the claim was freed by another one after that moment. */
  readonly isFreedSince: (request: Request, moment: number) => Effect.Effect<boolean, StateError>
}

export const claimInSteps = <Request extends { readonly set: ClaimSet }>(steps: ClaimSteps<Request>) =>
  Effect.fnUntraced(function* (
    set: Partial<ClaimSet>,
    options: ClaimOptions = {},
  ): Effect.fn.Return<Claimed, StateError, Scope.Scope> {
    let documents: Request | undefined
    let resources: Request | undefined
    let isGranted = false
    yield* Effect.addFinalizer(() =>
      Effect.forEach([resources, documents], (one) => (one === undefined ? Effect.void : steps.free(one)), {
        discard: true,
      }),
    )
    yield* steps.enter({ ...nothing, documents: set.documents ?? [] }, options, (made) => (documents = made))
    let seen = yield* steps.now
    const cover = Effect.fnUntraced(function* (
      wanted: ClaimedResources,
      stopWhen: Effect.Effect<unknown> = Effect.never,
    ) {
      const whole: ClaimSet = { ...wanted, documents: [] }
      if (resources === undefined || !isGranted || !covers(resources.set, whole)) {
        if (resources !== undefined) yield* steps.withdraw(resources)
        resources = undefined
        isGranted = false
        const either = Effect.raceFirst(options.stopWhen ?? Effect.never, stopWhen)
        // Kept also where it fails: an interruption may come when it is granted and nobody knows it yet.
        yield* steps.enter(whole, { ...options, stopWhen: either }, (made) => (resources = made))
        isGranted = true
      }
      const isOutdated = resources !== undefined && (yield* steps.isFreedSince(resources, seen))
      seen = yield* steps.now
      return isOutdated
    })
    const { identities = [], names = [] } = set
    if (identities.length > 0 || names.length > 0) yield* cover({ identities, names })
    return { cover }
  })
