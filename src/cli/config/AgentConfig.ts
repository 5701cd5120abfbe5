import type { AgentConfiguration } from "../../agent/configuration/AgentConfiguration.ts"
import type { Setting } from "../../agent/configuration/Setting.ts"
import type { FoundFile } from "./configurationFile.ts"
import type { Places } from "./findPlaces.ts"

/** What a command is configured with, without its flags. */
export interface AgentConfig extends AgentConfiguration {
  /** Where what is not named is found. */
  readonly places: Places
  /** The file that was found, and not named: it is used once somebody has said yes. */
  readonly found: FoundFile | undefined
  /** Each value with the place where it was given. Of several for the same one the last counts. */
  readonly given: ReadonlyArray<Setting>
}
