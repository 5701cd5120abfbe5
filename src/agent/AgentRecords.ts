/** The records of an agent in its store, and what carries its events and its stop requests. */
import * as Layer from "effect/Layer"
import type { SqlClient } from "effect/sql/SqlClient"
import { ChangeEvents } from "./apply/ChangeEvents.ts"
import { StopRequests } from "./operations/StopRequests.ts"
import { Claims } from "./records/Claims.ts"
import { CommandJournal } from "./records/CommandJournal.ts"
import { DocumentOutputs } from "./records/DocumentOutputs.ts"
import { Documents } from "./records/Documents.ts"
import { Inventory } from "./records/Inventory.ts"
import { LastReads } from "./records/LastReads.ts"
import { OperationJournal } from "./records/OperationJournal.ts"
import { StateOwnership } from "./records/StateOwnership.ts"
import type { StateLock } from "./store/StateLock.ts"
import type { Vault } from "./store/Vault.ts"

/** What an agent and its updater need, except a coordinator and the vault. `Agent.layerRecords` provides it. */
export type AgentRecords =
  | ChangeEvents
  | Claims
  | CommandJournal
  | DocumentOutputs
  | Documents
  | Inventory
  | LastReads
  | OperationJournal
  | StateOwnership
  | StopRequests

/** The records over what says who may write and which commands take turns. */
export const layerRecordsOver = <E, R>(
  turns: Layer.Layer<Claims | StateOwnership, E, R>,
): Layer.Layer<AgentRecords, E, R | SqlClient | Vault> =>
  Layer.mergeAll(
    ChangeEvents.layer,
    CommandJournal.layerNoDeps,
    DocumentOutputs.layerNoDeps,
    Documents.layerNoDeps,
    OperationJournal.layerNoDeps,
    StopRequests.layer,
  ).pipe(Layer.provideMerge(Layer.mergeAll(Inventory.layerNoDeps, LastReads.layerNoDeps)), Layer.provideMerge(turns))

/** The records in a store that one agent holds at a time. */
export const layerRecords: Layer.Layer<AgentRecords, never, SqlClient | StateLock | Vault> = layerRecordsOver(
  Layer.mergeAll(Claims.layer, StateOwnership.layer),
)
