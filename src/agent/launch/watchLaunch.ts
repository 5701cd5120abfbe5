/** Watches a launch while it serves: its silence, and its memory when it is idle. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { watchHealth } from "./HealthMonitor.ts"
import type { LaunchNotice } from "./Launch.ts"
import type { LaunchSettings } from "./LaunchSettings.ts"
import type { PluginProcess } from "./PluginProcess.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import type { RemoteOperator } from "./RemoteOperator.ts"
import type { SettingsCalls } from "./SettingsCalls.ts"
import { StallAutopsy } from "./StallAutopsy.ts"

export const watchLaunch = Effect.fnUntraced(function* (
  process: PluginProcess,
  remote: RemoteOperator,
  settingsCalls: SettingsCalls,
  { health, limits }: LaunchSettings,
  report: (notice: LaunchNotice) => Effect.Effect<void>,
) {
  const autopsy = yield* StallAutopsy
  const memory = yield* ProcessMemory
  const { residentMiB: cap } = limits

  const recycleAboveCap = Effect.gen(function* () {
    const resident = yield* memory.residentMiB(process.pid)
    // A plugin that needs more than its cap before it has done anything would be recycled forever.
    if (cap === undefined || !remote.hasServed() || Option.isNone(resident) || resident.value <= cap) return
    if (yield* remote.admission.retireIfIdle) yield* process.dismiss({ _tag: "Recycled", residentMiB: resident.value })
  })

  const silentMillis = yield* watchHealth({
    connection: process.connection,
    settings: health,
    hasCalls: () => remote.inFlight().length > 0 || settingsCalls.areOpen(),
    isDebugged: process.isDebugged,
    onSuspect: (silent) => report({ _tag: "Suspect", silentMillis: silent }),
    onIdle: cap === undefined ? Effect.void : recycleAboveCap,
  })
  const frames = yield* autopsy.examine(process.pid, process.inspector)
  yield* report({ _tag: "Stalled", silentMillis, frames, operations: remote.inFlight() })
  yield* process.condemn({ _tag: "Stalled", silentMillis, frames })
})
