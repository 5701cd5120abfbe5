import type { Finished } from "../../../src/protocol/Progress.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"

/** The properties in an answer. Throws if the operation failed. */
export const propertiesIn = (answer: Finished): Properties => {
  if (answer.status === "Failed") throw new Error(answer.failure.message)
  return answer.properties
}
