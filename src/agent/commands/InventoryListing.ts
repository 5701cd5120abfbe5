/** What `inventory` lists: all at once, or as a stream. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { inventoryResult, type ResourceResult } from "../apply/ResourceResult.ts"
import { Inventory, type InventoryUnreadable } from "../records/Inventory.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { makeCommandResult, withNotes } from "./CommandResult.ts"
import type { Note } from "./Note.ts"
import { Notes } from "./Notes.ts"

/** The resources of all formae, and the notes of a command that lists them. */
export interface InventoryStream {
  /** What is unfinished. */
  readonly notes: ReadonlyArray<Note>
  /**
   * The resources, by forma and label. They are read page by page, each page
   * when it is asked for, so what is written meanwhile may be in it or not,
   * and a resource whose label changes meanwhile may be in it twice or not at all. It
   * can fail where a row has become invalid since the stream was made.
   */
  readonly resources: Stream.Stream<ResourceResult, AgentUnreachable | InventoryUnreadable | SqlError>
}

export const makeInventoryListing = Effect.gen(function* () {
  const inventory = yield* Inventory
  const notes = yield* Notes
  return {
    // Of each page, no more is held than what is shown of its rows.
    inventory: Effect.map(
      Effect.all([Stream.runCollect(Stream.map(inventory.stream, inventoryResult)), notes.onUnfinished]),
      ([resources, unfinished]) => withNotes(makeCommandResult("inventory", resources), unfinished),
    ),
    // All rows are looked at before the first is given out: half of a list would look like all of it.
    inventoryStream: Effect.map(
      Effect.andThen(Stream.runDrain(inventory.stream), notes.onUnfinished),
      (unfinished): InventoryStream => ({
        notes: unfinished,
        resources: Stream.map(inventory.stream, inventoryResult),
      }),
    ),
  }
})
