/** How a plugin is supervised: the bounds of its launches, and when it is restarted. */
import * as Schema from "effect/Schema"
import { defaultLaunchSettings, LaunchSettings } from "../launch/LaunchSettings.ts"
import { defaultRestartSettings, RestartSettings } from "./RestartPolicy.ts"

export const SupervisionSettings = Schema.Struct({ ...LaunchSettings.fields, restart: RestartSettings })
export type SupervisionSettings = typeof SupervisionSettings.Type

export const defaultSupervisionSettings: SupervisionSettings = {
  ...defaultLaunchSettings,
  restart: defaultRestartSettings,
}
