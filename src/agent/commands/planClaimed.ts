/** Plans, and claims what the plan changes. */
import * as Effect from "effect/Effect"
import { claimsOfChanges } from "../plan/PlannedClaims.ts"
import type { PlannedChanges } from "../plan/Planner.ts"
import type { Claimed } from "../records/Claimed.ts"
import type { StateError } from "../records/StateError.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"

/** Plans again if another command may have changed something meanwhile: only the plan says what has to be claimed. */
export const planClaimed = <E, R>(
  claimed: Claimed,
  plan: Effect.Effect<PlannedChanges, E, R>,
): Effect.Effect<PlannedChanges, E | StateError, R> =>
  Effect.flatMap(plan, (planned) =>
    Effect.flatMap(coverUntilStopped(claimed, claimsOfChanges(planned.changes)), (isOutdated) =>
      isOutdated ? planClaimed(claimed, plan) : Effect.succeed(planned),
    ),
  )
