/**
 * Whether a command was asked to stop: what is under way goes on to its end,
 * and nothing else is begun. A host sets it; nobody asks by default.
 */
import * as Context from "effect/Context"

export const StopRequest = Context.Reference<{ readonly isMade: () => boolean }>("formae/agent/resources/StopRequest", {
  defaultValue: () => ({ isMade: () => false }),
})
