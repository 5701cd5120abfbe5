/** What a command says besides its result, for whoever may have meant something else. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { CommandJournal } from "../records/CommandJournal.ts"
import { CommandLock } from "../records/CommandLock.ts"
import { Inventory } from "../records/Inventory.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"

export class Notes extends Context.Service<
  Notes,
  {
    /** Where other formae have resources and this one has none, its name may be a mistake. */
    readonly onUnknownName: (formaName: string) => Effect.Effect<ReadonlyArray<string>>
    /** What was cut off, for whoever only looks. */
    readonly onUnfinished: Effect.Effect<ReadonlyArray<string>, SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/Notes") {
  static readonly layerNoDeps = Layer.effect(
    Notes,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const inventory = yield* Inventory
      const lock = yield* CommandLock
      return Notes.of({
        onUnknownName: Effect.fnUntraced(function* (formaName) {
          // A courtesy: what is wrong in the rows of others is no reason to refuse.
          const rows = yield* Effect.orElseSucceed(inventory.list(), () => [])
          const names = [...new Set(rows.map(({ forma }) => forma))]
          if (names.length === 0 || names.includes(formaName)) return []
          const known = names.join(", ")
          return [`the document ${formaName} has created no resources; the inventory has resources of: ${known}`]
        }),
        onUnfinished: Effect.gen(function* () {
          if (yield* lock.isHeld) return []
          const unfinished = yield* commands.unfinished
          return unfinished.map(({ command, forma, startedAt, status }) => {
            const how = status === "canceled" ? "canceled" : "cut off"
            const when = new Date(startedAt).toISOString()
            return `the ${command} of ${forma} of ${when} was ${how}: "formae resume" continues it`
          })
        }),
      })
    }),
  )
}
