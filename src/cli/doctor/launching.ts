/** How `formae doctor` starts plugins: they end soon, and nothing is recorded of them. */
import type { SupervisionOptions } from "../../agent/index.ts"
import { supervisionOptionsOf } from "../../agent/configuration/supervisionOptionsOf.ts"
import { operatorSettingsOf } from "../../agent/configuration/OperatorConfiguration.ts"
import { supervisionOf } from "../../agent/configuration/SupervisionConfiguration.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { AgentConfig } from "../config/AgentConfig.ts"
import type { Subject } from "./Check.ts"
import { type Finding, skipped } from "./Finding.ts"

/** The settings of the supervision and the operator of one plugin: it is asked once, and has no time to drain. */
export const settingsOf = ({ operator, plugin, supervision }: AgentConfig, name: string) => {
  const own = ownValue(plugin, name)
  const operators = operatorSettingsOf(operator, own?.operator)
  return {
    supervision: {
      ...supervisionOf(supervision, own?.supervision),
      stop: { drainMillis: 0, inputEndedMillis: 1_000, terminateMillis: 1_000 },
    },
    operator: { ...operators, retry: { ...operators.retry, maxRetries: 0 } },
  }
}

export const optionsOf = (
  config: AgentConfig,
  environment: Readonly<Record<string, string | undefined>>,
): SupervisionOptions => ({
  ...supervisionOptionsOf(config, { given: config.given, environment }),
  operatorOf: (name) => settingsOf(config, name).operator,
  supervision: (name) => settingsOf(config, name).supervision,
})

/** Why no plugin may be started. */
export const notStarted = ({ misconfigured, untrusted }: Subject): Finding | undefined => {
  if (misconfigured !== undefined) return skipped("No plugin is started, because the configuration cannot be read")
  return untrusted.all === undefined
    ? undefined
    : skipped("No plugin is started, because what this folder supplies cannot be used", "See what is said of the trust")
}
