import * as Effect from "effect/Effect"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Finding, skip } from "../../report/Finding.ts"
import type { ResourceTest } from "./ResourceTest.ts"

/** Makes a resource for one check, and deletes all that there is of the type because of it. */
export const withSpare = <A>(
  { calls, subject, traces }: ResourceTest,
  make: (properties: Properties) => Effect.Effect<A, Finding>,
): Effect.Effect<A, Finding> =>
  Effect.suspend(() => {
    const before = ownIds(subject.type, traces)
    return make(subject.spare()).pipe(
      Effect.mapError((finding) =>
        finding.seen.includes("AlreadyExists")
          ? skip("a second one cannot be made; write {{unique}} where its sample names it")
          : finding,
      ),
      Effect.ensuring(
        Effect.suspend(() =>
          Effect.forEach(
            [...ownIds(subject.type, traces)].filter((one) => !before.has(one)),
            (one) => Effect.ignore(calls.delete(one)),
            { discard: true },
          ),
        ),
      ),
    )
  })

/** What there is of a type because of this run. */
export const ownIds = (type: string, { made }: ResourceTest["traces"]): ReadonlySet<NativeId> =>
  new Set(made().flatMap((one) => (one.type === type ? [one.nativeId] : [])))
