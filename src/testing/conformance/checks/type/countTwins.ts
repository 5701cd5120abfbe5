/** How many resources there are that there should not be. What cannot be listed is not counted: that is for another check. */
import * as Effect from "effect/Effect"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../../../protocol/Resource.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import { type Finding, skip } from "../../report/Finding.ts"

/** What there is of a type; undefined if it cannot be listed. */
export type Known = ReadonlySet<NativeId> | undefined

export const knownNow = (
  { listAll }: Pick<TypeCalls, "listAll">,
  { listable }: TypeCapabilities,
): Effect.Effect<Known> => (listable ? Effect.orElseSucceed(listAll, () => undefined) : Effect.undefined)

/** How many resources besides the known and the own ones match what one of these creates wanted. Skips the check if that cannot be listed. */
export const countTwins = Effect.fnUntraced(function* (
  calls: TypeCalls,
  { known, own }: { readonly known: Known; readonly own: ReadonlySet<NativeId> },
  allWanted: ReadonlyArray<Properties>,
): Effect.fn.Return<number, Finding> {
  const all = yield* Effect.orElseSucceed(calls.listAll, () => undefined)
  if (known === undefined || all === undefined) {
    return yield* skip("it cannot be listed whether there are more")
  }
  const unknown = [...all].filter((one) => !known.has(one) && !own.has(one))
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
