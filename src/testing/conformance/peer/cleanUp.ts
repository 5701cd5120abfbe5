import * as Effect from "effect/Effect"
import type { MadeResource, Traces } from "./Traces.ts"
import type { TypeAtTarget } from "./TypeAtTarget.ts"
import type { TypeCalls } from "./TypeCalls.ts"

/** Deletes what is still there, the last one first, and returns what could not be deleted. */
export const cleanUp = Effect.fnUntraced(function* (
  traces: Traces,
  callsOf: (type: TypeAtTarget) => Pick<TypeCalls, "delete">,
): Effect.fn.Return<ReadonlyArray<MadeResource>> {
  for (const resource of traces.made().toReversed()) {
    yield* Effect.ignore(callsOf(resource).delete(resource.nativeId))
  }
  return traces.made()
})
