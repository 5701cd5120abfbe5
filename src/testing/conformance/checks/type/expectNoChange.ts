import * as Effect from "effect/Effect"
import type { Properties } from "../../../../protocol/Resource.ts"
import { ownValue } from "../../../../protocol/ownValue.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import { type Finding, mismatch } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"

/** Whether the agent's plan would find nothing to do. */
export const expectNoChange = (
  wanted: Properties,
  actual: Properties,
  { compare }: Pick<TypeCalls, "compare">,
): Effect.Effect<void, Finding> =>
  Effect.flatMap(compare({ desired: wanted, prior: wanted, actual }), (difference) => {
    const places =
      difference.seenOutside.length === 0
        ? ""
        : `, and keys that it did not ask for: ${difference.seenOutside.join(", ")}`
    if (difference._tag === "Same") {
      return places === "" ? Effect.void : Effect.fail(mismatch("no change", `none${places}`))
    }
    const changedOf = (from: Properties) =>
      show(Object.fromEntries(difference.changed.map((name) => [name, ownValue(from, name) ?? null])))
    return Effect.fail(
      mismatch(
        `no change; ${changedOf(wanted)}`,
        `${difference._tag} of ${difference.changed.join(", ")}: ${changedOf(actual)}${places}`,
      ),
    )
  })
