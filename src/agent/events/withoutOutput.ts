/**
 * Takes out of an event what a plugin has printed. It may have a secret in it,
 * and events are kept in the state and given to others: the text is only in the
 * log of the agent.
 */
import { messageWithoutOutput } from "../supervision/PluginUnavailable.ts"
import { PluginEvent } from "../supervision/PluginEvent.ts"
import type { EventToLog } from "./LoggedEvent.ts"

const cleaned = (event: EventToLog["event"]): EventToLog["event"] => {
  if (event._tag === "Plugin" && event.event._tag === "Junk") {
    const { characters, generation, plugin } = event.event
    return { _tag: "Plugin", event: PluginEvent.cases.Junk.make({ plugin, generation, characters }) }
  }
  if (event._tag !== "Change" || event.event._tag !== "Finished") return event
  const { error } = event.event.result
  if (error === null || error === undefined) return event
  const message = messageWithoutOutput(error.message)
  if (message === error.message) return event
  return { _tag: "Change", event: { ...event.event, result: { ...event.event.result, error: { ...error, message } } } }
}

export const withoutOutput = (one: EventToLog): EventToLog => ({ ...one, event: cleaned(one.event) })
