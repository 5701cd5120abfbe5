import type { AgentConfiguration } from "./AgentConfiguration.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { describeOrigin, type Setting } from "./Setting.ts"

/** A sentence, with its place, for each variable of a plugin whose value is to come from one of the agent that is not set. */
export const missingVariables = (
  { plugin = {} }: AgentConfiguration,
  given: ReadonlyArray<Setting>,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyArray<{ readonly path: ReadonlyArray<string>; readonly message: string; readonly place: string }> =>
  Object.entries(plugin).flatMap(([name, { environment: wanted = {} }]) => {
    const path = ["plugin", name, "environment"]
    const setting = given.findLast(
      (one) => one.path.length === 3 && one.path.every((key, index) => key === path[index]),
    )
    return Object.entries(wanted).flatMap(([variable, value]) =>
      typeof value === "string" || ownValue(environment, value.env) !== undefined
        ? []
        : [
            {
              path: [...path, variable],
              message: `the environment variable ${value.env} is not set; set it, or write the value here`,
              place: setting === undefined ? "" : describeOrigin(setting.origin),
            },
          ],
    )
  })
