/** The state of a plugin, as its supervisor sees it. ARCHITECTURE.md shows how one state leads to another. */
import type { Launch } from "../launch/Launch.ts"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import type { Quarantine } from "./Quarantines.ts"

/** One of these at a time, from `NotStarted` or `Quarantined` to `Stopping`. */
export type SupervisorState =
  | { readonly _tag: "NotStarted" }
  | { readonly _tag: "Starting"; readonly generation: number }
  | { readonly _tag: "Ready"; readonly launch: Launch }
  /** The launch no longer serves. What follows is decided when its process has been cleaned up. */
  | { readonly _tag: "Ended"; readonly generation: number; readonly reason: string }
  /** It has crashed and is started again at `nextAt`, in milliseconds since 1970. */
  | { readonly _tag: "Restarting"; readonly generation: number; readonly reason: string; readonly nextAt: number }
  /** It could not be started. The next caller has it started again. */
  | { readonly _tag: "Failed"; readonly error: PluginStartFailed }
  | { readonly _tag: "Quarantined"; readonly quarantine: Quarantine }
  | { readonly _tag: "Stopping" }

/** Why a plugin is not available, in words that follow "it". */
export const reasonOf = (state: SupervisorState): string => {
  switch (state._tag) {
    case "Ended":
    case "Restarting":
      return state.reason
    case "Failed":
      return `could not be started: ${state.error.reason}`
    default:
      return "has not answered its handshake yet"
  }
}
