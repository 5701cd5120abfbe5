/** Resources that exist in a cloud, and that no document owns. */
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { formaOf, type Resources } from "./shop.ts"

/** Creates resources, and forgets them. Their native ids by label. */
export const makeStrays = Effect.fnUntraced(function* (config: Properties, resources: Resources) {
  const agent = yield* Agent
  const forma = formaOf("strays", config, resources)
  const made = yield* agent.apply({
    ...forma,
    resources: forma.resources.map((one) => ({ ...one, onRemove: "retain" as const })),
  })
  yield* agent.destroy("strays")
  return Object.fromEntries(made.resources.map(({ label, nativeId }) => [label, nativeId ?? ""]))
})
