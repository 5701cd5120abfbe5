/** How a user of the command gives parameters their values. */
import { parameterVariable } from "../document/parameterVariable.ts"

/** `missing` are the parameters that have none. */
export const adviceForParameters = (missing: ReadonlyArray<string>): string => {
  const [first = "NAME"] = missing
  const which = missing.length === 1 ? "it its value" : "them their values"
  const others = missing.length === 1 ? "" : ", and the others likewise"
  return `Give ${which} with --set ${first}=VALUE, in a file (--parameters FILE), or in the environment variable ${parameterVariable(first)}${others}. At a terminal you are asked`
}
