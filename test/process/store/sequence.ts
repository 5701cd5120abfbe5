/**
 * What the writer writes, endlessly: each fiber runs commands of its own forma,
 * each with an operation on each of its labels, in an order that depends on
 * the run alone. So the receipts say what must be in the file.
 */
import type { OperationEnding } from "../../../src/agent/records/OperationJournal.ts"
import { type InventoryChange, noChange } from "../../../src/agent/records/InventoryChange.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { NativeId, OperationId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"

export const fibers = 4
const labels = 3

/** One printed line: this write has returned. What was written follows from the fiber and the number of the operation. */
export type Receipt =
  | { readonly write: "opened" }
  | {
      readonly write: "command begin" | "command end"
      readonly fiber: number
      readonly round: number
      readonly commandId: string
    }
  | { readonly write: "intent" | "progress" | "end"; readonly fiber: number; readonly nth: number }

export const formaOf = (fiber: number): string => `forma-${fiber}`

/** Whether the command of a round gets an end. The others are superseded by the next command. */
export const endsOf = (round: number): boolean => round % 2 === 0

/** The `nth` operation of a fiber. Each label is created, updated, deleted, and so on again. */
export const operationOf = (run: number, fiber: number, nth: number) => {
  const label = `label-${nth % labels}`
  const round = Math.floor(nth / labels)
  const kind = (["Create", "Update", "Delete"] as const)[round % 3] ?? "Create"
  const nativeId = NativeId.make(`native-${run}-${fiber}-${label}-${Math.floor(round / 3)}`)
  // Some need attention, and some have failed.
  const status = nth % 11 === 7 ? "NeedsAttention" : nth % 7 === 5 ? "Failed" : "Succeeded"
  return {
    operationId: OperationId.make(`operation-${run}-${fiber}-${nth}`),
    label,
    round,
    kind,
    nativeId,
    requestId: RequestId.make(`request-${nth}`),
    status,
    isLastOfRound: nth % labels === labels - 1,
    isFirstOfRound: nth % labels === 0,
  } as const
}
export type SequenceOperation = ReturnType<typeof operationOf>

export const entryOf = (operation: SequenceOperation, fiber: number, commandId: string): JournalEntry => ({
  operationId: operation.operationId,
  commandId,
  forma: formaOf(fiber),
  label: operation.label,
  type: ResourceType.make("Suite::Of::Thing"),
  target: "here",
  targetConfig: {},
  place: null,
  kind: operation.kind,
  desired: { Text: "x".repeat(700) },
  secrets: "locked",
  dependsOn: [],
  nativeId: operation.kind === "Create" ? null : operation.nativeId,
  requestId: null,
  sent: 1,
  status: "InProgress",
  closed: false,
  failure: null,
  crashes: [],
})

/** What the inventory has of an operation, once it has succeeded. */
export const changeOf = (operation: SequenceOperation, fiber: number): InventoryChange =>
  operation.kind === "Delete"
    ? { _tag: "Remove", forma: formaOf(fiber), label: operation.label, nativeId: operation.nativeId }
    : {
        _tag: "Put",
        row: {
          forma: formaOf(fiber),
          label: operation.label,
          type: ResourceType.make("Suite::Of::Thing"),
          target: "here",
          targetConfig: {},
          place: null,
          nativeId: operation.nativeId,
          // Says which operation has written it.
          desired: { By: operation.operationId },
          actual: { Text: "y".repeat(700) },
          dependsOn: [],
        },
      }

export const endingOf = (operation: SequenceOperation, fiber: number): OperationEnding => ({
  status: operation.status,
  closed: operation.status !== "NeedsAttention",
  nativeId: operation.nativeId,
  requestId: null,
  failure: operation.status === "Succeeded" ? null : { code: "InvalidRequest", message: "no" },
  change: operation.status === "Succeeded" ? changeOf(operation, fiber) : noChange,
})
