/** The configuration file: YAML or JSON, every part of it optional. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { placeIssues, readText, type SupervisionOptions } from "../agent/index.ts"
import { defaultOperatorSettings, locateIssues, OperatorSettings } from "../protocol/index.ts"
import { ownValue } from "../protocol/ownValue.ts"
import type { CommandFailure } from "./CommandFailure.ts"
import { invalidFile, readInput } from "./InputFile.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import { stateIn } from "./trust/FolderPlaces.ts"
import { partial, SupervisionConfig, supervisionOf } from "./SupervisionConfig.ts"

export const AgentConfig = Schema.Struct({
  /** As `--state`. */
  state: Schema.optionalKey(Schema.NonEmptyString),
  /** As `--plugins`. */
  plugins: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** As `--only-plugins`. */
  onlyPlugins: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** How plugins retry, poll and log. */
  operator: Schema.optionalKey(
    Schema.Struct({
      retry: Schema.optionalKey(partial(OperatorSettings.fields.retry)),
      poll: Schema.optionalKey(partial(OperatorSettings.fields.poll)),
      callTimeoutMillis: Schema.optionalKey(OperatorSettings.fields.callTimeoutMillis),
      logLevel: Schema.optionalKey(OperatorSettings.fields.logLevel),
    }),
  ),
  /** How plugins are supervised. */
  supervision: Schema.optionalKey(SupervisionConfig),
  /** What is different for one plugin, by its name, and the settings of the plugin itself. */
  plugin: Schema.optionalKey(
    Schema.Record(
      Schema.String,
      Schema.Struct({
        supervision: Schema.optionalKey(SupervisionConfig),
        settings: Schema.optionalKey(Schema.JsonObject),
      }),
    ),
  ),
})
export type AgentConfig = typeof AgentConfig.Type

const decode = Schema.decodeUnknownEffect(AgentConfig, { onExcessProperty: "error", errors: "all" })

/**
 * Reads the file that `--config` names. Without the flag, the configuration is
 * empty. Relative paths in the file are relative to its folder.
 */
export const readConfig = Effect.fnUntraced(function* (
  flag: Option.Option<string>,
): Effect.fn.Return<AgentConfig, CommandFailure, FileSystem.FileSystem | Path.Path> {
  if (Option.isNone(flag)) return AgentConfig.make({})
  const file = flag.value
  const path = yield* Path.Path
  const refuse = invalidFile("ConfigInvalid", file)
  const text = yield* readInput("configuration", file)
  const { locate, value } = yield* Effect.mapError(Effect.fromResult(readText(text)), ({ message, position }) =>
    refuse([{ path: [], message, ...position }]),
  )
  const config = yield* Effect.mapError(decode(value ?? {}), ({ issue }) =>
    refuse(placeIssues(locateIssues(issue), locate)),
  )
  const beside = (name: string): string => path.resolve(path.dirname(file), name)
  return {
    ...config,
    ...(config.state === undefined ? {} : { state: beside(config.state) }),
    ...(config.plugins === undefined ? {} : { plugins: config.plugins.map(beside) }),
    ...(config.onlyPlugins === undefined ? {} : { onlyPlugins: config.onlyPlugins.map(beside) }),
  }
})

/** The state file that the flags name, or the configuration. */
export const namedStateFile = ({ state }: Pick<AgentFlags, "state">, config: AgentConfig): string | undefined =>
  Option.getOrElse(state, () => config.state)

/** The state file: one that is named, or that of the current folder. */
export const stateFileOf = (flags: Pick<AgentFlags, "state">, config: AgentConfig): string =>
  namedStateFile(flags, config) ?? stateIn

/** The operator's settings. Each number that is not given keeps its default. */
export const operatorOf = ({ operator = {} }: AgentConfig): OperatorSettings => ({
  ...defaultOperatorSettings,
  ...operator,
  retry: { ...defaultOperatorSettings.retry, ...operator.retry },
  poll: { ...defaultOperatorSettings.poll, ...operator.poll },
})

/** What the coordinator is told about the plugins, and each plugin about itself. */
export const supervisionOptionsOf = (config: AgentConfig): SupervisionOptions => ({
  operator: operatorOf(config),
  supervision: (plugin) => supervisionOf(config.supervision, ownValue(config.plugin, plugin)?.supervision),
  settings: (plugin) => ownValue(config.plugin, plugin)?.settings,
})
