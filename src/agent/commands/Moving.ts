/** Changes the label of a resource in the state, as a human says. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { inventoryResult } from "../apply/ResourceResult.ts"
import { Label } from "../forma/FormaDocument.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import { Inventory } from "../records/Inventory.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { makeCommandResult } from "./CommandResult.ts"
import { type MoveReason, MoveRefused } from "./MoveRefused.ts"
import { findResource, type ResourceName } from "./ResourceNotFound.ts"

const decodeLabel = Schema.decodeResult(Label)

export const makeMoving = Effect.gen(function* () {
  const commands = yield* CommandJournal
  const inventory = yield* Inventory
  const journal = yield* OperationJournal

  /** For a command that has its turn: nothing else changes the state meanwhile. */
  return Effect.fn("Agent.move")(function* (name: ResourceName, to: string) {
    const rows = yield* inventory.list()
    const entries = yield* journal.listOpen()
    const { forma, label: from } = yield* Effect.fromResult(findResource(name, [...rows, ...entries]))
    const refuse = (reason: MoveReason) => new MoveRefused({ forma, from, to, reason })
    if (from === to) return yield* refuse({ _tag: "SameLabel" })
    const decoded = decodeLabel(to)
    if (decoded._tag === "Failure") return yield* refuse({ _tag: "InvalidLabel", expected: decoded.failure.message })
    const open = entries.find((one) => one.forma === forma && (one.label === from || one.label === to))
    if (open !== undefined) return yield* refuse({ _tag: "OperationOpen", open: open.label })
    if (rows.some((one) => one.forma === forma && one.label === to)) return yield* refuse({ _tag: "LabelTaken" })
    const left = yield* commands.unfinished
    const [unreadable] = left.unreadable
    if (unreadable !== undefined) return yield* unreadable
    const unfinished = left.commands.find((one) => one.forma === forma)
    if (unfinished !== undefined) {
      return yield* refuse({ _tag: "CommandUnfinished", commandId: unfinished.commandId })
    }
    const row = yield* Effect.fromOption(
      Option.fromUndefinedOr(rows.find((one) => one.forma === forma && one.label === from)),
    ).pipe(Effect.orDie)
    yield* journal.relabel(forma, from, to)
    return makeCommandResult("mv", [{ ...inventoryResult({ ...row, label: to }), movedFrom: from }])
  })
})
