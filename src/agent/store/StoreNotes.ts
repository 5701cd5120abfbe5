import * as Context from "effect/Context"

/** What happened as the store was opened that its user should know, one sentence each. */
export const StoreNotes = Context.Reference<ReadonlyArray<string>>("formae/agent/store/StoreNotes", {
  defaultValue: () => [],
})
