/** Writes the log of the command to stderr, a record at a time. */
import * as Cause from "effect/Cause"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { inspect } from "node:util"
import { writeNotice } from "./Outputs.ts"

const timeOf = (date: Date): string =>
  [
    [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":"),
    String(date.getMilliseconds()).padStart(3, "0"),
  ].join(".")

const shown = (value: unknown): string =>
  typeof value === "string" ? value : inspect(value, { breakLength: Infinity, colors: false })

export const commandLogger = Logger.make<unknown, void>(({ cause, date, fiber, logLevel, message }) => {
  const annotations = fiber.getRef(References.CurrentLogAnnotations)
  const parts = [
    ...(Array.isArray(message) ? message : [message]).map(shown),
    ...(cause.reasons.length === 0 ? [] : [Cause.pretty(cause)]),
    ...(Object.keys(annotations).length === 0 ? [] : [shown(annotations)]),
  ]
  writeNotice(`[${timeOf(date)}] ${logLevel.toUpperCase()} (#${fiber.id}): ${parts.join(" ")}`)
})
