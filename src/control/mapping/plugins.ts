/** Where plugins stand, as the API says it. */
import * as SemVer from "effect/SemVer"
import type { PluginStatus } from "../../agent/supervision/PluginCoordinator.ts"
import type { SupervisorState } from "../../agent/supervision/SupervisorState.ts"
import type { ApiPlugin, ApiPluginList } from "../api/ApiState.ts"
import { schemaVersion } from "../api/version.ts"

const factsOf = (state: SupervisorState): Pick<ApiPlugin, "generation" | "reason" | "nextAt"> => {
  switch (state._tag) {
    case "NotStarted":
    case "Stopping":
      return {}
    case "Starting":
    case "Idle":
    case "Recycling":
      return { generation: state.generation }
    case "Ready":
      return { generation: state.launch.generation }
    case "Ended":
      return { generation: state.generation, reason: state.reason }
    case "Restarting":
      return { generation: state.generation, reason: state.reason, nextAt: state.nextAt }
    case "Failed":
      return { reason: state.error.reason }
    case "Quarantined":
      return { reason: state.quarantine.reason }
    case "Disabled":
      return { reason: `is disabled by ${state.by}` }
  }
}

export const pluginsToApi = (plugins: ReadonlyArray<PluginStatus>): ApiPluginList => ({
  schemaVersion,
  plugins: plugins.map(({ entry: { manifest }, state }) => ({
    name: manifest.name,
    namespace: manifest.namespace,
    version: SemVer.format(manifest.version),
    state: state._tag,
    ...factsOf(state),
  })),
})
