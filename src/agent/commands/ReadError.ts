import type { SqlError } from "effect/sql/SqlError"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"

/** Why the state could not be read. */
export type ReadError = AgentUnreachable | InventoryUnreadable | JournalUnreadable | SqlError
