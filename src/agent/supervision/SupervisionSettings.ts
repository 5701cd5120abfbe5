import * as Schema from "effect/Schema"
import { defaultLaunchSettings, LaunchSettings } from "../launch/LaunchSettings.ts"
import { defaultRestartSettings, RestartSettings } from "./RestartPolicy.ts"

const { fields } = LaunchSettings

/** How a plugin is supervised: the bounds of its launches, and when it is restarted. Times are in milliseconds. */
export class SupervisionSettings extends Schema.Opaque<SupervisionSettings>()(
  Schema.Struct({
    /** The time from the spawn to the answer of the handshake. */
    handshakeMillis: fields.handshakeMillis,
    /** How the silence of a plugin is measured. */
    health: fields.health,
    /** The bounds of the steps in which it is stopped. */
    stop: fields.stop,
    /** What it may use, and how many calls may run and wait. */
    limits: fields.limits,
    /** When it is restarted, and when it is quarantined instead. */
    restart: RestartSettings,
  }),
) {}

/** The precedents of these numbers are in ARCHITECTURE.md. */
export const defaultSupervisionSettings: SupervisionSettings = {
  ...defaultLaunchSettings,
  restart: defaultRestartSettings,
}
