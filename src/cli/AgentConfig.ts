/** The agent's configuration file: YAML or JSON, every part of it optional. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { parseDocument } from "yaml"
import { describeIssue, OperatorSettings } from "../protocol/index.ts"
import { badInput } from "./CommandEnded.ts"

export const AgentConfig = Schema.Struct({
  /** As `--state`. */
  state: Schema.optionalKey(Schema.NonEmptyString),
  /** As `--plugins`. */
  plugins: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** How plugins retry, poll and log. What is not given keeps its default. */
  operator: Schema.optionalKey(
    Schema.Struct({
      retry: Schema.optionalKey(OperatorSettings.fields.retry),
      poll: Schema.optionalKey(OperatorSettings.fields.poll),
      callTimeoutMillis: Schema.optionalKey(OperatorSettings.fields.callTimeoutMillis),
      logLevel: Schema.optionalKey(OperatorSettings.fields.logLevel),
    }),
  ),
})
export type AgentConfig = typeof AgentConfig.Type

const decode = Schema.decodeUnknownEffect(AgentConfig, { onExcessProperty: "error", errors: "all" })

/** Reads the file that `--config` names; without one, the configuration is empty. */
export const readConfig = Effect.fnUntraced(function* (file: Option.Option<string>) {
  if (Option.isNone(file)) return {}
  const path = file.value
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.mapError(fs.readFileString(path), (error) =>
    badInput(`The configuration ${path} can not be read: ${error.message}`),
  )
  const document = parseDocument(text)
  const syntax = document.errors[0]
  if (syntax !== undefined) return yield* badInput(`${path}: ${syntax.message}`)
  return yield* Effect.mapError(decode(document.toJS() ?? {}), ({ issue }) =>
    badInput(`${path}: ${describeIssue(issue)}`),
  )
})
