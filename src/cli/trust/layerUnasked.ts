/** The gate where nobody may be asked: what is not trusted yet is not used. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Trust } from "./Trust.ts"
import { TrustPrompt } from "./TrustPrompt.ts"
import { TrustRecords } from "./TrustRecords.ts"

export const layerUnasked = Layer.provide(Trust.layerNoDeps, [
  Layer.succeed(TrustPrompt, { ask: () => Effect.succeed("unasked" as const) }),
  TrustRecords.layer,
])
