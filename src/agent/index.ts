/** `formae/agent`: compose these layers in a host application. */
export { Agent, type CommandRefused } from "./Agent.ts"
export { Catalog, type CatalogEntry } from "./catalog/Catalog.ts"
export { NamespaceUnknown } from "./catalog/NamespaceUnknown.ts"
export { PluginStartFailed } from "./launch/PluginStartFailed.ts"
export * from "./supervision/PluginUnavailable.ts"
export { describeEnd, type Launch, type LaunchEnd } from "./launch/Launch.ts"
export { NodeNames } from "./launch/NodeNames.ts"
export { type OperatorRequest, PluginCoordinator, type PluginStatus } from "./supervision/PluginCoordinator.ts"
export { PluginEvent } from "./supervision/PluginEvent.ts"
export { HostEnvironment, PluginLauncher } from "./launch/PluginLauncher.ts"
export { GuardProcess } from "./launch/GuardProcess.ts"
export { type HealthSettings } from "./launch/Health.ts"
export { ProcessMemory } from "./launch/ProcessMemory.ts"
export { StallAutopsy } from "./launch/StallAutopsy.ts"
export { Quarantine, Quarantines } from "./supervision/Quarantines.ts"
export {
  defaultRestartSettings,
  explainPolicy,
  type PolicyExplanation,
  type RestartPolicy,
  restartPolicy,
  RestartSettings,
} from "./supervision/RestartPolicy.ts"
export { defaultSupervisionSettings, SupervisionSettings } from "./supervision/SupervisionSettings.ts"
export type { ChangeEvent, ChangeObserver } from "./resources/Changeset.ts"
export * from "./resources/CommandResult.ts"
export { type Forma, FormaDocument, FormaInvalid, type FormaIssue } from "./resources/Forma.ts"
export { type FormaSource, FormaUnreadable, readForma } from "./resources/FormaText.ts"
export {
  formatPlaced,
  type LocatedText,
  type PlacedIssue,
  placeIssues,
  type Position,
  readText,
} from "./resources/LocatedText.ts"
export { ChangeFailed } from "./resources/ChangeFailed.ts"
export { ResourceUpdater, type Settled } from "./resources/ResourceUpdater.ts"
export { StopRequest } from "./resources/StopRequest.ts"
export { AgentProcesses } from "./store/AgentProcesses.ts"
export { Vault, VaultUnavailable } from "./store/Vault.ts"
export { Crash, JournalEntry } from "./journal/JournalEntry.ts"
export { CommandJournal } from "./journal/CommandJournal.ts"
export { type Named, OperationNotOpen } from "./journal/OpenOperations.ts"
export { JournalUnreadable } from "./journal/JournalUnreadable.ts"
export { OperationJournal } from "./journal/OperationJournal.ts"
export { decide, type Decision } from "./journal/Recovery.ts"
export { CommandLock, StateInUse } from "./store/CommandLock.ts"
export { Inventory, InventoryRow, InventoryUnreadable } from "./store/Inventory.ts"
export * as Store from "./store/Store.ts"
export { agentVersion } from "./version.ts"
