import { ownValue } from "../../protocol/ownValue.ts"
import type { SupervisionOptions } from "../supervision/Supervisors.ts"
import type { AgentConfiguration } from "./AgentConfiguration.ts"
import { operatorSettingsOf } from "./OperatorConfiguration.ts"
import { describeOrigin, type Setting } from "./Setting.ts"
import { supervisionOf } from "./SupervisionConfiguration.ts"

/** What options are made from, besides the configuration. */
export interface OptionSources {
  /** Each value with the place where it was given. */
  readonly given?: ReadonlyArray<Setting>
  /** The agent's own environment, for variables of plugins that have their value from it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** The variables of one plugin. One whose value is not there is left out. */
const variablesOf = (
  { environment: wanted }: { readonly environment?: Readonly<Record<string, string | { readonly env: string }>> },
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> | undefined =>
  wanted === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(wanted).flatMap(([name, value]) => {
          const found = typeof value === "string" ? value : ownValue(environment, value.env)
          return found === undefined ? [] : [[name, found]]
        }),
      )

/** Where it is said that a plugin is not to be used. */
const placeOf = (given: ReadonlyArray<Setting>, name: string): string => {
  const setting = given.findLast(({ path }) => path[0] === "plugin" && path[1] === name && path[2] === "enabled")
  return setting === undefined ? "the configuration" : describeOrigin(setting.origin)
}

/** What the coordinator is told about the plugins, and each plugin about itself. */
export const supervisionOptionsOf = (
  { operator, plugin, supervision }: AgentConfiguration,
  { environment = {}, given = [] }: OptionSources = {},
): SupervisionOptions => ({
  operator: operatorSettingsOf(operator),
  operatorOf: (name) => operatorSettingsOf(operator, ownValue(plugin, name)?.operator),
  supervision: (name) => supervisionOf(supervision, ownValue(plugin, name)?.supervision),
  settings: (name) => ownValue(plugin, name)?.settings,
  environment: (name) => variablesOf(ownValue(plugin, name) ?? {}, environment),
  disabled: (name) => (ownValue(plugin, name)?.enabled === false ? placeOf(given, name) : undefined),
})
