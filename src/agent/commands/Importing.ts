/** Takes things that exist into a document: the state gets their rows, and no provider changes anything. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import type { CommandRef } from "../apply/CommandRef.ts"
import { inventoryResult, type ResourceResult } from "../apply/ResourceResult.ts"
import type { Forma } from "../forma/Forma.ts"
import { type Lookup, valueAt } from "../forma/References.ts"
import type { ChangeFailed } from "../operations/ChangeFailed.ts"
import { Planner } from "../plan/Planner.ts"
import { careFor } from "../records/Care.ts"
import { Inventory } from "../records/Inventory.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { CommandBoard } from "./CommandBoard.ts"
import type { CommandRefused } from "./CommandRefused.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeCommandResult, withNotes } from "./CommandResult.ts"
import { makeCommandTurn } from "./CommandTurn.ts"
import { DocumentEntry } from "./DocumentEntry.ts"
import { looksAtOnce } from "./ImportDraft.ts"
import { makeImportEntries, type Matched } from "./ImportEntries.ts"
import { makeImportLook, refuseImport, refuseTwins } from "./ImportLook.ts"
import type { ImportRefused, ThingToImport } from "./ImportRefused.ts"

/** Why an import could not be made. */
export type ImportError = ChangeFailed | CommandRefused | ImportRefused

/** How an import is run. */
export interface ImportOptions extends Pick<CommandOptions, "commandId" | "document" | "observe" | "whenInUse"> {
  /**
   * Whether the document has the resources where it is kept: true by default.
   * False while it is yet to be written. Then the resources are left where they
   * are if the document never gets them, and nothing is lost. The same import
   * with true ends that.
   */
  readonly isWritten?: boolean | undefined
}

export const makeImporting = Effect.gen(function* () {
  const board = yield* CommandBoard
  const documents = yield* DocumentEntry
  const inventory = yield* Inventory
  const journal = yield* OperationJournal
  const look = yield* makeImportLook
  const planner = yield* Planner
  const { entryOf, resolve } = yield* makeImportEntries
  const recordAndTell = yield* makeRecordAndTell
  const { inQuietTurn } = yield* makeCommandTurn

  /** What the document has of each thing. Fails before anything is written. */
  const match = Effect.fnUntraced(function* (forma: Forma, things: ReadonlyArray<ThingToImport>) {
    yield* refuseTwins(things)
    const wanted = new Map((yield* planner.check(forma)).map((one) => [one.resource.label, one]))
    const open = new Set((yield* journal.listOpen(forma.name)).map(({ label }) => label))
    return yield* Effect.forEach(
      things,
      Effect.fnUntraced(function* (thing) {
        const found = wanted.get(thing.label)
        if (found === undefined || found.resource.type !== thing.type || found.resource.target !== thing.target) {
          return yield* refuseImport(thing, { _tag: "NotInDocument" })
        }
        if (open.has(thing.label)) return yield* refuseImport(thing, { _tag: "OperationOpen" })
        const seen = yield* look(forma.name, forma.targets, thing)
        return { seen, wanted: found } satisfies Matched
      }),
      { concurrency: looksAtOnce },
    )
  })

  const importing = Effect.fnUntraced(function* (
    forma: Forma,
    things: ReadonlyArray<ThingToImport>,
    { commandId, document, isWritten = true }: ImportOptions & { readonly commandId: string },
  ) {
    const entered = yield* documents.look(forma.name, document)
    const matched = yield* match(forma, things)
    const rows = yield* inventory.list(forma.name)
    const actual = new Map([
      ...rows.map((row) => [row.label, row.actual] as const),
      ...matched.map(({ seen }) => [seen.label, seen.actual] as const),
    ])
    const lookup: Lookup = (label, property) => valueAt(actual.get(label) ?? {}, property)
    const careOf = ({ wanted }: Matched) => {
      const { care } = careFor(wanted.resource)
      return isWritten ? care : { ...care, retain: true }
    }
    const imports = yield* Effect.forEach(
      matched.filter(({ seen }) => seen.row === undefined),
      (one) =>
        Effect.flatMap(resolve(one, lookup), (properties) =>
          entryOf(one, properties, { care: careOf(one), commandId, forma: forma.name }),
        ),
    )
    // What was imported before gets the care that its document asks for, once that is written.
    const cares = matched.flatMap((one) => {
      const { label, row } = one.seen
      const care = careOf(one)
      return !isWritten || row === undefined || Equal.equals(row.care, care) ? [] : [{ label, care }]
    })
    if (document !== undefined && entered.name !== forma.name) {
      yield* documents.adopt(entered.name, forma.name, document)
    }
    yield* documents.remember(forma.name, document)
    const results = resultsOf(forma.name, matched)
    yield* recordAndTell({ commandId, forma: forma.name }, imports, results)
    if (cares.length > 0) yield* inventory.relabel(forma.name, [], cares)
    return withNotes(makeCommandResult("import", results), entered.notes)
  })

  return Effect.fn("Agent.import")(function* (
    forma: Forma,
    things: ReadonlyArray<ThingToImport>,
    { isWritten, ...given }: ImportOptions = {},
  ) {
    const options = yield* board.enter({ command: "import", forma: forma.name }, given)
    return yield* inQuietTurn("all", options, importing(forma, things, { ...options, isWritten }))
  }, Effect.scoped)
})

/** What is there already is left as it is. */
const resultsOf = (forma: string, matched: ReadonlyArray<Matched>) =>
  matched.map(({ seen: { label, nativeId, row, type } }) => ({
    ...inventoryResult({ forma, label, nativeId, type }),
    operation: row === undefined ? ("adopt" as const) : ("noop" as const),
  }))

/** Writes down what is new, and tells it. Says nothing where nothing is. */
const makeRecordAndTell = Effect.gen(function* () {
  const events = yield* ChangeEvents
  const journal = yield* OperationJournal
  return Effect.fnUntraced(function* (
    command: CommandRef,
    imports: Parameters<typeof journal.recordImports>[0],
    results: ReadonlyArray<ResourceResult>,
  ) {
    if (imports.length === 0) return
    yield* events.publish({ _tag: "Began", ...command })
    yield* Effect.catchTag(journal.recordImports(imports), "OwnedElsewhere", Effect.die)
    const adopted = results.filter(({ operation }) => operation === "adopt")
    yield* Effect.forEach(adopted, (result) => events.publish({ _tag: "Finished", ...command, result }), {
      discard: true,
    })
  })
})
