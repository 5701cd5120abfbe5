/** The outputs of a document as lines. */
import type { CommandResult } from "../agent/index.ts"

type Outputs = NonNullable<CommandResult["outputs"]>

const textOf = (output: Outputs[string]): string => {
  if ("secret" in output) return "(secret)"
  return typeof output.value === "string" ? output.value : JSON.stringify(output.value)
}

/** One line for each output. */
export const outputLines = (outputs: Outputs): ReadonlyArray<string> =>
  Object.entries(outputs).map(([name, output]) => `${name}: ${textOf(output)}`)

/** The outputs of a list, or that there is none. */
export const listedOutputs = (outputs: Outputs): ReadonlyArray<string> =>
  Object.keys(outputs).length === 0 ? ["The state has no outputs"] : outputLines(outputs)

/** The text of one output that was asked for by its name. Undefined where it is secret. */
export const namedOutput = (output: Outputs[string]): string | undefined =>
  "secret" in output ? undefined : textOf(output)
