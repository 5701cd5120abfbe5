/** Notes for the result of a command: what the user may have overlooked. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { CommandLock } from "../records/CommandLock.ts"
import { Inventory } from "../records/Inventory.ts"
import { describeUnfinished, type UnfinishedList, UnfinishedWork } from "./UnfinishedWork.ts"

export class Notes extends Context.Service<
  Notes,
  {
    /** If other formae have resources and this one has none, its name may be a mistake. */
    readonly onUnknownName: (formaName: string) => Effect.Effect<ReadonlyArray<string>>
    /** What is unfinished, and which command continues it. For commands that change nothing: nothing while another one runs. */
    readonly onUnfinished: Effect.Effect<ReadonlyArray<string>, SqlError>
    /** The same for a command on a forma: what is unfinished of others, which it does not touch. */
    readonly onOthers: (formaName: string) => Effect.Effect<ReadonlyArray<string>>
  }
>()("formae/agent/commands/Notes") {
  static readonly layerNoDeps = Layer.effect(
    Notes,
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const lock = yield* CommandLock
      const unfinishedWork = yield* UnfinishedWork

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
          if (yield* lock.isHeld) return []
          return notesOn(yield* unfinishedWork.list())
        }),
        onOthers: (formaName) =>
          unfinishedWork.list().pipe(
            Effect.map(({ unreadable, work }) =>
              notesOn({ unreadable, work: work.filter(({ forma }) => forma !== formaName) }),
            ),
            // Only a hint: a command that has done its work has not failed because of it.
            Effect.orElseSucceed(() => []),
          ),
      })
    }),
  )
}

const notesOn = ({ unreadable, work }: UnfinishedList): ReadonlyArray<string> => [
  ...work.map((one) => `${describeUnfinished(one)}: "formae resume ${one.forma}" continues it`),
  ...unreadable.map(({ message }) => `it is not known whether more is unfinished: ${message}`),
]
