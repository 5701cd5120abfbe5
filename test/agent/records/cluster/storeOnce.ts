/** A store in memory that all tests of a file share, because to make its tables takes longer than most of them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Store from "../../../../src/agent/store/Store.ts"

/** It is gone with its worker. */
export const layerStoreOnce = Layer.effectContext(
  Effect.runSync(Effect.cached(Layer.buildWithScope(Layer.fresh(Store.layerMemory), Scope.makeUnsafe()))),
)
