import type { Finished } from "../../../src/protocol/Progress.ts"

/**
 * Throws if the answer is not the refusal of a target that the plugin does not
 * know. The plugin gives it by itself, so that no cloud is needed.
 */
export const checkRefusal = (answer: Finished): void => {
  if (answer.status !== "Failed" || answer.failure.code !== "InvalidRequest") throw new Error("it was not refused")
}
