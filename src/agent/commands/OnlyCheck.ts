/** Checks the labels that a command is limited to, before it does anything. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import { labelsWithNeeds } from "../forma/FormaOrder.ts"
import { OnlyRefused } from "../plan/OnlyRefused.ts"
import { Inventory } from "../records/Inventory.ts"
import { OperationJournal } from "../records/OperationJournal.ts"

export const makeOnlyCheck = Effect.gen(function* () {
  const inventory = yield* Inventory
  const journal = yield* OperationJournal

  /**
   * The labels whose open operations the command takes up: the chosen ones, and
   * those of what they need. Undefined where it is not limited. `name` is that of
   * the forma in the state. Fails with `OnlyRefused` where a label means nothing.
   */
  return Effect.fnUntraced(function* (forma: Forma, name: string, only: ReadonlyArray<string> | undefined) {
    if (only === undefined) return undefined
    const known = new Set(
      [...forma.resources, ...(yield* inventory.list(name)), ...(yield* journal.listOpen(name))].map(
        ({ label }) => label,
      ),
    )
    const label = only.find((one) => !known.has(one))
    if (label === undefined) return labelsWithNeeds(forma.resources, only)
    const reason = { _tag: "NoSuchLabel", label, known: [...known] } as const
    return yield* new OnlyRefused({ forma: forma.name, reason })
  })
})

/** Whether something is part of a command with these labels. */
export const isChosenBy =
  (chosen: ReadonlySet<string> | undefined) =>
  ({ label }: { readonly label: string }): boolean =>
    chosen?.has(label) !== false
