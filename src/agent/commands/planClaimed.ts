/** Plans, and claims what the plan changes. */
import * as Effect from "effect/Effect"
import type { Change } from "../plan/Change.ts"
import { claimsOfChanges } from "../plan/PlannedClaims.ts"
import type { Claimed } from "../records/Claims.ts"
import type { StateInUse } from "../records/StateInUse.ts"
import { coverUntilStopped } from "./coverUntilStopped.ts"

/** Plans again if another command may have changed something meanwhile: only the plan says what has to be claimed. */
export const planClaimed = <E, R>(
  claimed: Claimed,
  plan: Effect.Effect<ReadonlyArray<Change>, E, R>,
): Effect.Effect<ReadonlyArray<Change>, E | StateInUse, R> =>
  Effect.flatMap(plan, (changes) =>
    Effect.flatMap(coverUntilStopped(claimed, claimsOfChanges(changes)), (isOutdated) =>
      isOutdated ? planClaimed(claimed, plan) : Effect.succeed(changes),
    ),
  )
