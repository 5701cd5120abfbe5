/** The state of a plugin, as its supervisor sees it. ARCHITECTURE.md shows how one state leads to another. */
import type { Launch } from "../launch/Launch.ts"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import type { Quarantine } from "./Quarantines.ts"

/**
 * One of these at a time, from `NotStarted`, `Quarantined` or `Disabled` to `Stopping`.
 *
 * - `NotStarted`: nobody has needed it yet.
 * - `Starting`: its process has been started and has not answered its handshake.
 * - `Ready`: it serves.
 * - `Recycling`: what it is launched with has changed. A new launch is being
 *   started, and callers wait for it; `launch` is the one before, which serves
 *   again if that fails.
 * - `Idle`: its launch was stopped because nobody used it. The next caller has
 *   it started again.
 * - `Disabled`: the configuration says that it must not be started.
 * - `Ended`: the launch no longer serves. What follows is decided when its
 *   process has been cleaned up.
 * - `Restarting`: it has crashed and is started again at `nextAt`, in
 *   milliseconds since 1970.
 * - `Failed`: it could not be started. The next caller has it started again.
 * - `Quarantined`: it was restarted too often, and waits to be released.
 * - `Stopping`: the agent is stopping.
 */
export type SupervisorState =
  | { readonly _tag: "NotStarted" }
  | {
      readonly _tag: "Starting"
      /** The number of the launch: 1 for the first one. */
      readonly generation: number
    }
  | {
      readonly _tag: "Ready"
      /** The launch that serves. */
      readonly launch: Launch
    }
  | {
      readonly _tag: "Recycling"
      /** The launch that is to be replaced. */
      readonly launch: Launch
      /** The number of the new launch. */
      readonly generation: number
    }
  | {
      readonly _tag: "Idle"
      /** The number of the launch that was stopped. */
      readonly generation: number
    }
  | {
      readonly _tag: "Disabled"
      /** Where that is said, such as a place in a configuration file. */
      readonly by: string
    }
  | {
      readonly _tag: "Ended"
      /** The number of the launch: 1 for the first one. */
      readonly generation: number
      /** How it ended, in words that follow "it". */
      readonly reason: string
    }
  | {
      readonly _tag: "Restarting"
      /** The number of the launch that crashed. */
      readonly generation: number
      /** How it crashed, in words that follow "it". */
      readonly reason: string
      /** When it is started again, in milliseconds since 1970. */
      readonly nextAt: number
    }
  | {
      readonly _tag: "Failed"
      /** Why it could not be started. */
      readonly error: PluginStartFailed
    }
  | {
      readonly _tag: "Quarantined"
      /** Since when, and why. */
      readonly quarantine: Quarantine
    }
  | { readonly _tag: "Stopping" }

/** Why a plugin is not available, in words that follow "it". */
export const reasonOf = (state: SupervisorState): string => {
  switch (state._tag) {
    case "Ended":
    case "Restarting":
      return state.reason
    case "Recycling":
      return "is being replaced, because its configuration has changed"
    case "Failed":
      return `could not be started: ${state.error.reason}`
    default:
      return "has not answered its handshake yet"
  }
}
