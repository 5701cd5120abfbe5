/** An agent that holds the state until the layer is released, for records without a command. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"

export const layerHolding = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold)).pipe(
  Layer.provideMerge(StateOwnership.layer),
)
