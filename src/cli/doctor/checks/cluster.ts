/** The runners that share a state. */
import * as Effect from "effect/Effect"
import { Store } from "../../../agent/index.ts"
import { type Check, seconds } from "../Check.ts"
import { lookAtRunners } from "../serverFindings.ts"

export const cluster: Check = {
  name: "cluster",
  boundMillis: seconds(30),
  look: ({ stateFile, untrusted }) =>
    Store.isPostgresUrl(stateFile) && untrusted.all === undefined
      ? // That the state cannot be used is said of the state.
        Effect.orElseSucceed(lookAtRunners(stateFile), () => [])
      : Effect.succeed([]),
}
