import * as Schema from "effect/Schema"
import { defaultLaunchSettings, LaunchSettings } from "../launch/LaunchSettings.ts"
import { defaultRestartSettings, RestartSettings } from "./RestartPolicy.ts"

/** How a plugin is supervised: the bounds of its launches, and when it is restarted. Times are in milliseconds. */
export class SupervisionSettings extends Schema.Opaque<SupervisionSettings>()(
  Schema.Struct({ ...LaunchSettings.fields, restart: RestartSettings }),
) {}

/** The precedents of these numbers are in ARCHITECTURE.md. */
export const defaultSupervisionSettings: SupervisionSettings = {
  ...defaultLaunchSettings,
  restart: defaultRestartSettings,
}
