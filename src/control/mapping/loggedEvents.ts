/** The events of the log as the API gives them. */
import * as Schema from "effect/Schema"
import type { NumberedEvent } from "../../agent/events/LoggedEvent.ts"
import { PluginEvent } from "../../agent/supervision/PluginEvent.ts"
import type { ApiEvent } from "../api/ApiEvent.ts"
import { schemaVersion } from "../api/version.ts"
import { eventToApi } from "./models.ts"

const decodeFacts = Schema.decodeUnknownSync(Schema.Record(Schema.String, Schema.Json))
const encodePlugin = Schema.encodeSync(PluginEvent)

/** The kind of an event, what it is about, and its other facts. */
const partsOf = ({ event }: NumberedEvent): Pick<ApiEvent, "kind" | "data"> & Partial<Pick<ApiEvent, "forma">> => {
  switch (event._tag) {
    case "Ended":
      return { kind: "Ended", forma: event.forma, data: { ending: event.ending } }
    case "Plugin": {
      const { _tag, ...facts } = encodePlugin(event.event)
      return { kind: `Plugin${_tag}`, data: decodeFacts(facts) }
    }
    case "Drift": {
      const { appeared, ended, forma, label, type } = event
      return { kind: "Drift", forma, data: { label, type, appeared, ended } }
    }
    case "Configuration": {
      const { by, from, to, what } = event
      return { kind: "ConfigurationChanged", data: { what, from, to, by } }
    }
    case "Gone":
      return { kind: "Gone", data: { before: event.before } }
    case "Unreadable":
      return { kind: "Unreadable", data: { reason: event.reason } }
    case "Change":
      return { kind: event.event._tag, data: {} }
  }
}

/** An event of the log. The kinds of a plugin begin with `Plugin`. */
export const loggedToApi = (logged: NumberedEvent): ApiEvent => {
  const { at, commandId, event, number, request } = logged
  const asked = request === null ? {} : { request }
  if (event._tag === "Change") return eventToApi(event.event, { at, number, ...asked })
  return { schemaVersion, number, at, ...partsOf(logged), ...(commandId === null ? {} : { commandId }), ...asked }
}
