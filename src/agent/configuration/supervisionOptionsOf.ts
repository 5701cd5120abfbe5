import { ownValue } from "../../protocol/ownValue.ts"
import type { SupervisionOptions } from "../supervision/Supervisors.ts"
import type { AgentConfiguration } from "./AgentConfiguration.ts"
import { operatorSettingsOf } from "./OperatorConfiguration.ts"
import { supervisionOf } from "./SupervisionConfiguration.ts"

/** What the coordinator is told about the plugins, and each plugin about itself. */
export const supervisionOptionsOf = ({ operator, plugin, supervision }: AgentConfiguration): SupervisionOptions => ({
  operator: operatorSettingsOf(operator),
  operatorOf: (name) => operatorSettingsOf(operator, ownValue(plugin, name)?.operator),
  supervision: (name) => supervisionOf(supervision, ownValue(plugin, name)?.supervision),
  settings: (name) => ownValue(plugin, name)?.settings,
})
