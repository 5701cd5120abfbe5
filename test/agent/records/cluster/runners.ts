/** Runners that share one state: each with holdings, records and claims of its own. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { layerRecordsOver } from "../../../../src/agent/AgentRecords.ts"
import { CurrentHolder, type Holder } from "../../../../src/agent/records/CurrentHolder.ts"
import { Holders } from "../../../../src/agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../../../../src/agent/records/cluster/layerSharedClaims.ts"
import { layerSharedOwnership } from "../../../../src/agent/records/cluster/layerSharedOwnership.ts"
import type { Vault } from "../../../../src/agent/store/Vault.ts"

/** The records of a runner, over what it shares with the others. */
export const layerRunner = <E, R>(runner: string, store: Layer.Layer<SqlClient | Vault, E, R>) =>
  layerRecordsOver(Layer.mergeAll(layerSharedOwnership, layerSharedClaims)).pipe(
    Layer.provideMerge(Holders.layer(runner)),
    Layer.provideMerge(store),
    Layer.fresh,
  )

/** Runs something under a holding. */
export const under =
  (holder: Holder) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(effect, CurrentHolder, holder)
