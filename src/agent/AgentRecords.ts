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

/** The records in a store. */
export const layerRecords: Layer.Layer<AgentRecords, never, SqlClient | StateLock | Vault> = Layer.mergeAll(
  ChangeEvents.layer,
  Claims.layer,
  CommandJournal.layerNoDeps,
  DocumentOutputs.layer,
  Documents.layer,
  Inventory.layer,
  LastReads.layer,
  OperationJournal.layer,
  StopRequests.layer,
).pipe(Layer.provideMerge(StateOwnership.layer))
