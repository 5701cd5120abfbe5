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

/** The value alone where there is a single output: for a script. */
export const listedOutputs = (outputs: Outputs, isNamed: boolean): ReadonlyArray<string> => {
  const all = Object.values(outputs)
  const [first] = all
  if (first === undefined) return ["The state has no outputs"]
  return isNamed && all.length === 1 ? [textOf(first)] : outputLines(outputs)
}
