/**
 * The log of a plugin that an agent launched: each record is one line of stderr,
 * in the shape of `LogRecord`. Anything else on stderr is plain text between the
 * records.
 */
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Formatter from "effect/Formatter"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Predicate from "effect/Predicate"
import * as Ref from "effect/Ref"
import * as References from "effect/References"
import { OperationId } from "../protocol/Identity.ts"
import type { LogRecord } from "../protocol/LogRecord.ts"
import { defaultOperatorSettings, type LogLevel as RecordLevel } from "../protocol/Settings.ts"
import { lineOf } from "./LogLine.ts"

/**
 * The lowest level that this launch logs. The agent sets it in the handshake,
 * and may change it while the plugin runs. It is undefined if the plugin is
 * linked into another program, which has a logger of its own.
 */
export const LowestLevel = Context.Reference<Ref.Ref<RecordLevel> | undefined>(
  "formae/plugin/PluginLogger/LowestLevel",
  { defaultValue: () => undefined },
)

const levelOf = (level: LogLevel.LogLevel): RecordLevel => {
  switch (level) {
    case "Fatal":
    case "Error":
      return "Error"
    case "Warn":
    case "Info":
      return level
    default:
      return "Debug"
  }
}

/** A string as it is, an error with its stack, and anything else as Effect formats it, which redacts what is `Redacted`. */
const textOf = (part: unknown): string => {
  if (Predicate.isString(part)) return part
  return Predicate.isError(part) ? Cause.pretty(Cause.fail(part)) : Formatter.format(part)
}

const annotationOf = (value: unknown): string | number | boolean =>
  Predicate.isBoolean(value) || (Predicate.isNumber(value) && Number.isFinite(value)) ? value : textOf(value)

/** A log event of Effect as a record. The operation id has a field of its own. */
export const recordOf = ({ cause, date, fiber, logLevel, message }: Logger.Options<unknown>): LogRecord => {
  const text = (Array.isArray(message) ? message : [message]).map(textOf).join(" ")
  const { operationId, ...rest } = fiber.getRef(References.CurrentLogAnnotations)
  const annotations = [
    ...Object.entries(rest).map(([name, value]) => [name, annotationOf(value)] as const),
    ...fiber
      .getRef(References.CurrentLogSpans)
      .map(([label, since]) => [label, `${date.getTime() - since}ms`] as const),
  ]
  return {
    _log: 1,
    level: levelOf(logLevel),
    message: cause.reasons.length === 0 ? text : `${text}\n${Cause.pretty(cause)}`.trimStart(),
    ...(Predicate.isString(operationId) && operationId !== "" ? { operationId: OperationId.make(operationId) } : {}),
    ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
  }
}

/** Writes records of level `lowest` and above. It uses `console.error`, which survives a stderr that is not read any more. */
export const makePluginLogger = (lowest: Ref.Ref<RecordLevel>): Logger.Logger<unknown, void> =>
  Logger.make((event) => {
    if (LogLevel.isLessThan(levelOf(event.logLevel), Ref.getUnsafe(lowest))) return
    // On a fresh line, so that half a line of something else cannot spoil the record.
    event.fiber.getRef(Console.Console).error(`\n${lineOf(recordOf(event))}`)
  })

/** The logger and its level. Effect's own minimum is Debug, because the level may change at any time. */
export const layerPluginLogger: Layer.Layer<never> = Layer.unwrap(
  Effect.map(Ref.make<RecordLevel>(defaultOperatorSettings.logLevel), (lowest) =>
    Layer.mergeAll(
      Logger.layer([makePluginLogger(lowest)]),
      Layer.succeed(LowestLevel, lowest),
      Layer.succeed(References.MinimumLogLevel, "Debug"),
    ),
  ),
)
