import * as Context from "effect/Context"

/** How the tables of the state were changed to those of this version as it was opened. Undefined where they were not. */
export const StateConversion = Context.Reference<{ readonly backup: string } | undefined>(
  "formae/agent/store/StateConversion",
  { defaultValue: () => undefined },
)
