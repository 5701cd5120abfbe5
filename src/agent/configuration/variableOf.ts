/** Which environment variable sets which value. One rule: `FORMAE_`, and the words of its path in capitals. */
import { environment as launchVariables } from "../../protocol/LaunchVariables.ts"
import { nearestName } from "../forma/nearestName.ts"
import { anyName, type ConfigurationField, configurationFields } from "./ConfigurationField.ts"

const prefix = "FORMAE_"

/** `maxRetries` is `MAX_RETRIES`, `fake-aws` is `FAKE_AWS`. */
const words = (key: string): string =>
  key
    .replaceAll("MiB", "Mib")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase()

/** The variable that sets the value at a path: `operator.retry.maxRetries` is set by `FORMAE_OPERATOR_RETRY_MAX_RETRIES`. */
export const variableOf = (path: ReadonlyArray<string>): string => prefix + path.map(words).join("_")

/** What a variable sets. */
export type VariableMeaning =
  /** One value. */
  | { readonly _tag: "Sets"; readonly path: ReadonlyArray<string>; readonly field: ConfigurationField }
  /** It looks like one that sets a value, and there is no such value. `nearest` is what was probably meant. */
  | { readonly _tag: "Misspelt"; readonly nearest: string | undefined }
  /** It has nothing to do with a configuration. */
  | { readonly _tag: "Other" }

const isForOne = ({ path }: ConfigurationField): boolean => path.includes(anyName)

/** The fields of one plugin, those with the longest variables first: of two that fit, the longer one is meant. */
const ofPlugins = (fields: ReadonlyArray<ConfigurationField>) =>
  fields
    .filter(isForOne)
    .map((field) => {
      const at = field.path.indexOf(anyName)
      return {
        field,
        head: `${variableOf(field.path.slice(0, at))}_`,
        tail: `_${field.path
          .slice(at + 1)
          .map(words)
          .join("_")}`,
      }
    })
    .toSorted((one, other) => other.tail.length - one.tail.length)

/** Other variables of formae begin with words that are no section of a configuration. */
const looksLikeOne = (variable: string, fields: ReadonlyArray<ConfigurationField>): boolean =>
  fields.some(({ path }) => path.length > 1 && variable.startsWith(`${variableOf(path.slice(0, 1))}_`))

/** What formae itself gives to the processes that it starts, such as the log of an agent in the background, and where a command finds an agent at an address. */
const ofProcesses: ReadonlySet<string> = new Set([
  ...Object.values(launchVariables),
  "FORMAE_AGENT_LOG",
  "FORMAE_AGENT",
  "FORMAE_AGENT_CA",
  "FORMAE_AGENT_TOKEN",
  "FORMAE_AGENT_TOKEN_FILE",
  "FORMAE_CLUSTER_TIMES",
  "FORMAE_STATE_KEY",
  "FORMAE_STATE_KEY_FILE",
])

/** What a variable sets, by its name alone. */
export const meaningOf = (
  variable: string,
  fields: ReadonlyArray<ConfigurationField> = configurationFields(),
): VariableMeaning => {
  if (!variable.startsWith(prefix) || ofProcesses.has(variable)) return { _tag: "Other" }
  const whole = fields.find((field) => !isForOne(field) && variableOf(field.path) === variable)
  if (whole !== undefined) return { _tag: "Sets", path: whole.path, field: whole }
  for (const { field, head, tail } of ofPlugins(fields)) {
    const name = variable.slice(head.length, -tail.length)
    if (!variable.startsWith(head) || !variable.endsWith(tail) || head.length + tail.length >= variable.length) continue
    const plugin = name.toLowerCase().replaceAll("_", "-")
    return { _tag: "Sets", path: field.path.map((key) => (key === anyName ? plugin : key)), field }
  }
  if (!looksLikeOne(variable, fields)) return { _tag: "Other" }
  const names = fields.filter((field) => !isForOne(field)).map(({ path }) => variableOf(path))
  return { _tag: "Misspelt", nearest: nearestName(variable, names) }
}
