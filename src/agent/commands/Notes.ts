/** Notes for the result of a command: what the user may have overlooked. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { CommandJournal } from "../records/CommandJournal.ts"
import { Inventory } from "../records/Inventory.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { Note } from "./Note.ts"

export class Notes extends Context.Service<
  Notes,
  {
    /** If other formae have resources and this one has none, its name may be a mistake. */
    readonly onUnknownName: (formaName: string) => Effect.Effect<ReadonlyArray<Note>>
    /** The commands that were cut off or canceled, for commands that change nothing. */
    readonly onUnfinished: Effect.Effect<ReadonlyArray<Note>, SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/Notes") {
  static readonly layerNoDeps = Layer.effect(
    Notes,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const inventory = yield* Inventory
      const ownership = yield* StateOwnership
      return Notes.of({
        onUnknownName: Effect.fnUntraced(function* (formaName) {
          // Only a hint: rows of other formae that cannot be read must not stop the command.
          const rows = yield* Effect.orElseSucceed(inventory.list(), () => [])
          const known = [...new Set(rows.map(({ forma }) => forma))]
          if (known.length === 0 || known.includes(formaName)) return []
          return [Note.cases.NameUnknown.make({ forma: formaName, known })]
        }),
        onUnfinished: Effect.gen(function* () {
          if (yield* ownership.isHeld) return []
          const unfinished = yield* commands.unfinished
          return unfinished.map(({ command, commandId, forma, startedAt, status }) => {
            const how = status === "canceled" ? "canceled" : "cut off"
            return Note.cases.Unfinished.make({ commandId, command, forma, startedAt, how })
          })
        }),
      })
    }),
  )
}
