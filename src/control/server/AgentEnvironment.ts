/** The environment and the folder that the plugins of the agent see. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { ApiEnvironment, ApiEnvironmentDifference } from "../api/ApiEnvironment.ts"
import { schemaVersion } from "../api/version.ts"

/** Says what is different for a caller. A host that serves an agent sets it; without it, nothing is. */
export const AgentEnvironment = Context.Reference<{
  readonly differenceTo: (caller: ApiEnvironment) => Effect.Effect<ApiEnvironmentDifference>
}>("formae/control/server/AgentEnvironment", {
  defaultValue: () => ({ differenceTo: () => Effect.succeed({ schemaVersion, variables: [] }) }),
})
