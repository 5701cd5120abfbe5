import * as Effect from "effect/Effect"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import type { Finding } from "../../report/Finding.ts"

/** How many resources that are not known match what one of these creates wanted. */
export const countTwins = Effect.fnUntraced(function* (
  calls: TypeCalls,
  known: ReadonlySet<NativeId>,
  allWanted: ReadonlyArray<Properties>,
): Effect.fn.Return<number, Finding> {
  const unknown = [...(yield* calls.listAll)].filter((one) => !known.has(one))
  const twins = yield* Effect.filter(unknown, (one) =>
    Effect.flatMap(calls.read(one), (end) =>
      end.status === "Failed"
        ? Effect.succeed(false)
        : Effect.map(
            Effect.forEach(allWanted, (wanted) =>
              calls.compare({ desired: wanted, prior: wanted, actual: end.properties }),
            ),
            (differences) => differences.some(({ _tag }) => _tag === "Same"),
          ),
    ),
  )
  return twins.length
})
