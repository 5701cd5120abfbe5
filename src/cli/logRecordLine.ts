/** A record of the command's log as one line: when, how important, who says it, and what. */
import * as Cause from "effect/Cause"
import type * as Logger from "effect/Logger"
import * as References from "effect/References"
import { inspect } from "node:util"
import { formatTime } from "../protocol/formatTime.ts"
import { visible } from "./visible.ts"

const shown = (value: unknown): string =>
  typeof value === "string" ? value : inspect(value, { breakLength: Infinity, colors: false, compact: true })

/** Only what a process of a plugin prints has a pid. What the agent says about a plugin is its own word. */
const speakerOf = (annotations: Readonly<Record<string, unknown>>) => {
  const { generation, pid, plugin, ...others } = annotations
  return pid === undefined || plugin === undefined
    ? { speaker: "formae", others: annotations }
    : { speaker: `plugin ${String(plugin)} (generation ${String(generation)}, pid ${String(pid)})`, others }
}

/**
 * The line of a record, such as `2026-02-03T04:05:06.007Z WARN formae: The plugin has crashed`.
 * The time is UTC. Newlines in what is said are shown as `\n`, so that a record is one line.
 */
export const logRecordLine = ({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): string => {
  const { others, speaker } = speakerOf(fiber.getRef(References.CurrentLogAnnotations))
  const said = [
    ...(Array.isArray(message) ? message : [message]).map(shown),
    ...(cause.reasons.length === 0 ? [] : [Cause.pretty(cause)]),
  ].map((part) => part.replace(/(\r?\n)+$/, ""))
  const words = [...said, ...(Object.keys(others).length === 0 ? [] : [shown(others)])].join(" ")
  return visible(`${formatTime(date.getTime())} ${logLevel.toUpperCase()} ${speaker}: ${words}`)
}
