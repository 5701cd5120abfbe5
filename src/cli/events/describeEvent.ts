/** An event of an agent in one line. A kind that this version does not know is shown with its facts. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ChangeEvent } from "../../agent/apply/ChangeEvent.ts"
import { PluginEvent } from "../../agent/supervision/PluginEvent.ts"
import type { ApiEvent } from "../../control/api/ApiEvent.ts"
import { formatTime } from "../../protocol/formatTime.ts"
import { makeChangeAdvice } from "../advice/makeChangeAdvice.ts"
import { describeChange, type Retry } from "../describeChange.ts"
import { describePlugin } from "./describePlugin.ts"

const decodePlugin = Schema.decodeUnknownOption(PluginEvent)
const decodeChange = Schema.decodeUnknownOption(ChangeEvent)

const pluginKind = /^Plugin(?=.)/

const factsOf = ({ data, kind }: ApiEvent): string => `${kind} ${JSON.stringify(data)}`

const textOf = (value: unknown): string => (typeof value === "string" ? value : "not set")

const pathsOf = (value: unknown): ReadonlyArray<string> =>
  Array.isArray(value) ? value.filter((path) => typeof path === "string") : []

/** Places and no values. An empty path is the resource itself. */
const describeDrift = ({ data }: ApiEvent): string => {
  const [appeared, ended] = [pathsOf(data["appeared"]), pathsOf(data["ended"])]
  const isGone = appeared.includes("")
  const said = [
    ...(isGone ? ["is gone"] : appeared.length > 0 ? [`has drifted at ${appeared.join(", ")}`] : []),
    ...(ended.includes("")
      ? ["is there again"]
      : ended.length > 0
        ? [`is as wanted again at ${ended.join(", ")}`]
        : []),
  ]
  return `${textOf(data["label"])} ${said.join(" and ")}`
}

/** What an event says that is about no change. Undefined where this version does not know its kind. */
const knownOf = (event: ApiEvent): string | undefined => {
  const { commandId = "", data, kind } = event
  switch (kind) {
    case "Began":
      return `the command ${commandId} has begun`
    case "Ended":
      return data["ending"] === "left"
        ? `the command ${commandId} is left to the next agent`
        : `the command ${commandId} has ended: ${textOf(data["ending"])}`
    case "ConfigurationChanged":
      return `the configuration was changed (${textOf(data["by"])}): ${textOf(data["what"])}: ${textOf(data["from"])} -> ${textOf(data["to"])}`
    case "Drift":
      return describeDrift(event)
    case "Unreadable":
      return `this event cannot be read: ${textOf(data["reason"])}`
    default: {
      if (!pluginKind.test(kind)) return undefined
      const plugin = decodePlugin({ ...data, _tag: kind.replace(pluginKind, "") })
      return Option.getOrUndefined(Option.map(plugin, (known) => `the plugin ${known.plugin} ${describePlugin(known)}`))
    }
  }
}

/** Makes the lines of events, which follow each other. Undefined is an event that says nothing to people. */
export const makeDescribeEvent = (retry: Retry): ((event: ApiEvent) => string | undefined) => {
  const adviceFor = makeChangeAdvice()
  return (event) => {
    const { at, commandId, data, forma = "", kind, number } = event
    const known = knownOf(event)
    const change = known === undefined ? decodeChange({ ...data, _tag: kind, commandId, forma }) : Option.none()
    const text =
      change._tag === "Some"
        ? describeChange(change.value, { name: "apply", retry, adviceFor })
        : (known ?? factsOf(event))
    if (text === undefined) return undefined
    return `${formatTime(at)} ${number} ${forma === "" ? "" : `${forma}: `}${text}`
  }
}
