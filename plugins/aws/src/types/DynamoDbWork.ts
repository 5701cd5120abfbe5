/** Work on a table that continues after its call was answered: what its request id holds. */
import { jsonText } from "formae/plugin"
import * as Schema from "effect/Schema"
import { type Change, Goal } from "./DynamoDbChanges.ts"

const TableWork = Schema.Struct({
  operation: Schema.Literals(["create", "update", "delete"]),
  table: Schema.String,
  /** In a delete: which table it is, because another table may get its name. */
  identity: Schema.optionalKey(Schema.String),
  /** In a create and an update: what the table is to become. */
  goal: Schema.optionalKey(Goal),
  /** The change that DynamoDB accepted last, and how often in a row. */
  accepted: Schema.optionalKey(Schema.Struct({ change: Schema.String, times: Schema.Int })),
})
export type TableWork = typeof TableWork.Type

export const tableWork = jsonText("request id", TableWork, "UnforeseenError")

/** A description may lag behind a change. A service that still shows nothing of it after so many requests ignores it. */
const mostRequests = 5

/** The work once this change is accepted too, or how often it was accepted in vain. */
export const withAccepted = (
  { accepted, ...work }: TableWork,
  next: Change,
): { readonly work: TableWork } | { readonly inVain: number } => {
  const change = textOf(next)
  const before = accepted?.change === change ? accepted.times : 0
  return before >= mostRequests ? { inVain: before } : { work: { ...work, accepted: { change, times: before + 1 } } }
}

/** A change, as an error message shows it. */
export const textOf = (change: Change): string =>
  JSON.stringify(change._tag === "Table" ? change.input : change.specification)
