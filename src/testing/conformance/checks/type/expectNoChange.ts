import * as Effect from "effect/Effect"
import { compare } from "../../../../agent/plan/Comparison.ts"
import type { Properties, TypeCapabilities } from "../../../../protocol/Resource.ts"
import { type Finding, mismatch } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"

/** Whether the agent's plan would find nothing to do. */
export const expectNoChange = (
  wanted: Properties,
  actual: Properties,
  capabilities: TypeCapabilities,
): Effect.Effect<void, Finding> => {
  const difference = compare({ desired: wanted, unknown: new Set(), prior: wanted, actual }, capabilities)
  if (difference._tag === "Same") return Effect.void
  const changedOf = (from: Properties) =>
    show(Object.fromEntries(difference.changed.map((name) => [name, from[name] ?? null])))
  return Effect.fail(
    mismatch(
      `no change; ${changedOf(wanted)}`,
      `${difference._tag} of ${difference.changed.join(", ")}: ${changedOf(actual)}`,
    ),
  )
}
