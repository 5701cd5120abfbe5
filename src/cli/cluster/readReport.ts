/** Reads what a cluster has now. */
import * as Effect from "effect/Effect"
import { readClusterReport } from "../../cluster/index.ts"
import { openStateToRead } from "../openState.ts"
import { sharedState } from "./sharedState.ts"

/** Undefined where no runner has ever joined. Fails where the state is none that runners could share. */
export const readReport = Effect.fnUntraced(function* (state: string) {
  yield* sharedState(state)
  return yield* Effect.provide(readClusterReport, openStateToRead(state))
})
