/** Claims resources for a command that runs, and may be asked to stop while it waits for them. */
import * as Effect from "effect/Effect"
import { StopSignal } from "../operations/StopRequests.ts"
import type { Claimed, ClaimedResources } from "../records/Claimed.ts"
import type { StateError } from "../records/StateError.ts"

/** As `cover` of the claims. A request to stop ends its wait with `StateInUse`. */
export const coverUntilStopped = (
  { cover }: Claimed,
  resources: ClaimedResources,
): Effect.Effect<boolean, StateError> => Effect.flatMap(StopSignal, (stopWhen) => cover(resources, stopWhen))
