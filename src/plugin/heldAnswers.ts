/**
 * Answers with properties that are larger than an answer may have. They become
 * failures that name the resource, so that the agent keeps it.
 */
import { areHeld, heldLimits } from "../protocol/HeldProperties.ts"
import type { Failed, Progress } from "../protocol/Progress.ts"
import type { Recovery } from "../protocol/Recovery.ts"
import { unknown } from "./Recovered.ts"

const tooLarge = `The resource exists, but its properties cannot be returned: they have more than ${heldLimits.characters} characters. Make them smaller at the provider, or delete the resource`

/** The progress, as it can be sent. */
export const heldProgress = <A extends Progress>(progress: A): A | Failed =>
  progress.status === "Succeeded" && !areHeld(progress.properties)
    ? {
        status: "Failed",
        attempts: progress.attempts,
        failure: { code: "UnforeseenError", message: tooLarge },
        nativeId: progress.nativeId,
      }
    : progress

/** The same for what became of a create. */
export const heldRecovery = (recovery: Recovery): Recovery =>
  recovery.status === "Done" && !areHeld(recovery.properties)
    ? unknown(`${tooLarge}. Its native id is ${recovery.nativeId}`)
    : recovery
