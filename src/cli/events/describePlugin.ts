/** What happens to a plugin, in words that follow its name. */
import type { PluginEvent } from "../../agent/supervision/PluginEvent.ts"
import { formatDuration } from "../formatDuration.ts"

const launchOf = ({ generation }: { readonly generation: number }): string => `(launch ${generation})`

export const describePlugin = (event: PluginEvent): string => {
  switch (event._tag) {
    case "Launched":
      return `is being started ${launchOf(event)}`
    case "Ready":
      return `${event.version} is ready ${launchOf(event)}, pid ${event.pid}`
    case "StartFailed":
      return `did not start ${launchOf(event)}: ${event.reason}`
    case "Suspect":
      return `has not answered for ${formatDuration(event.silentMillis)} ${launchOf(event)}`
    case "Stalled":
      return `did not answer for ${formatDuration(event.silentMillis)} and is killed ${launchOf(event)}`
    case "Crashed":
      return `${event.reason} ${launchOf(event)}`
    case "LeaseEnded":
      return `was ended, because the lease of its agent was over ${launchOf(event)}`
    case "Recycled":
      return `used ${Math.round(event.residentMiB)} MiB and is started again ${launchOf(event)}`
    case "Recycling":
      return `is being replaced, because its configuration has changed ${launchOf(event)}`
    case "Replaced":
      return `is replaced by the launch ${event.by} ${launchOf(event)}`
    case "RecycleFailed":
      return `serves on as it was, because a new launch did not start: ${event.reason}`
    case "IdleStopped":
      return `was stopped because nobody used it ${launchOf(event)}`
    case "RestartingIn":
      return `is started again in ${formatDuration(event.delayMillis)}`
    case "Quarantined":
      return `is quarantined: it was restarted ${event.restarts} times, and then it ${event.reason}`
    case "Released":
      return "was released from quarantine"
    case "Disabled":
      return `is disabled by ${event.by}`
    case "Enabled":
      return "may be used again"
    case "Poisoned":
      return `was ended by the operation ${event.operationId} each time, which is not sent again`
    case "Configured":
      return "has new settings"
    case "Draining":
      return `takes nothing new; ${event.operations.length} operations are under way ${launchOf(event)}`
    case "Stopped":
      return `has stopped ${launchOf(event)}`
    case "Junk":
      return `printed a line of ${event.characters} characters that is not part of the protocol; the log of its agent has it`
  }
}
