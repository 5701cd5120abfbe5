/** Refuses a configuration whose state is an address that cannot be used. */
import * as Effect from "effect/Effect"
import { describeOrigin, type Setting } from "../../agent/configuration/Setting.ts"
import { badLines, type CommandFailure } from "../CommandFailure.ts"
import { objectionToState } from "../postgres/objectionToState.ts"

/** `given` are the settings; of several states the last one counts. Fails with the place of the state, and without a password in it. */
export const refuseBadState = (given: ReadonlyArray<Setting>): Effect.Effect<void, CommandFailure> => {
  const setting = given.findLast(({ path }) => path[0] === "state")
  if (typeof setting?.value !== "string") return Effect.void
  const objection = objectionToState(setting.value)
  if (objection === undefined) return Effect.void
  return badLines(
    "ConfigInvalid",
    [`${describeOrigin(setting.origin)} state: ${objection}`],
    [{ path: ["state"], message: objection }],
  )
}
