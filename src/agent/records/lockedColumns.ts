/** Where the store has what its vault has locked. A change of the key locks all of it again. */

/** A column with something that is locked. */
export interface LockedColumn {
  readonly table: string
  /** The columns that identify a row. */
  readonly keys: ReadonlyArray<string>
  readonly column: string
  /** `text`: the value is what was locked. `json`: it has `{ "$locked": … }` or `{ "locked": … }` somewhere in it. */
  readonly form: "text" | "json"
  /** Whether the rows of the table have a checksum. */
  readonly isChecked: boolean
}

export const lockedColumns: ReadonlyArray<LockedColumn> = [
  { table: "commands", keys: ["command_id"], column: "document", form: "text", isChecked: true },
  { table: "operations", keys: ["operation_id"], column: "secrets", form: "text", isChecked: true },
  { table: "operations", keys: ["operation_id"], column: "target_config", form: "json", isChecked: true },
  { table: "resources", keys: ["forma", "label"], column: "target_config", form: "json", isChecked: true },
  { table: "secrets", keys: ["id"], column: "value", form: "text", isChecked: false },
  { table: "repair_documents", keys: ["forma"], column: "document", form: "text", isChecked: true },
  { table: "request_bodies", keys: ["request"], column: "body", form: "text", isChecked: true },
  { table: "document_outputs", keys: ["forma"], column: "outputs", form: "json", isChecked: true },
]
