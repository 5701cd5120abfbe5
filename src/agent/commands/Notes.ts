/** Notes for the result of a command: what the user may have overlooked. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { CommandJournal } from "../records/CommandJournal.ts"
import { Inventory } from "../records/Inventory.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { formatTime } from "../store/StoredTime.ts"

export class Notes extends Context.Service<
  Notes,
  {
    /** If other formae have resources and this one has none, its name may be a mistake. */
    readonly onUnknownName: (formaName: string) => Effect.Effect<ReadonlyArray<string>>
    /** The commands that were cut off or canceled, for commands that change nothing. */
    readonly onUnfinished: Effect.Effect<ReadonlyArray<string>, SqlError | JournalUnreadable>
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
          const names = [...new Set(rows.map(({ forma }) => forma))]
          if (names.length === 0 || names.includes(formaName)) return []
          const known = names.join(", ")
          return [`the document ${formaName} has no resources; the inventory has resources of: ${known}`]
        }),
        onUnfinished: Effect.gen(function* () {
          if (yield* ownership.isHeld) return []
          const unfinished = yield* commands.unfinished
          return unfinished.map(({ command, forma, startedAt, status }) => {
            const how = status === "canceled" ? "canceled" : "cut off"
            return `the ${command} of ${forma}, started at ${formatTime(startedAt)}, was ${how}: "formae resume" continues it`
          })
        }),
      })
    }),
  )
}
