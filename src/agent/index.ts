/** `formae/agent`: the layers of an agent, for a host application to compose. */
export { Agent } from "./Agent.ts"
export { AgentUnreachable, UnreachableReason } from "./commands/AgentUnreachable.ts"
export type { ReadError } from "./commands/ReadError.ts"
export type { CommandRefused } from "./commands/CommandRefused.ts"
export type { ResumeError } from "./commands/Resumption.ts"
export type { AgentRecords } from "./AgentRecords.ts"
export { Catalog, type CatalogEntry } from "./catalog/Catalog.ts"
export type { RejectedPlugin, WantedVersion, WantedVersions } from "./catalog/CatalogChoice.ts"
export { Manifest } from "./catalog/Manifest.ts"
export { NamespaceUnknown } from "./catalog/NamespaceUnknown.ts"
export { PluginsConflict } from "./catalog/PluginsConflict.ts"
export { PluginStartFailed } from "./launch/PluginStartFailed.ts"
export { StartFailure } from "./launch/StartFailure.ts"
export * from "./supervision/PluginUnavailable.ts"
export { type Admission, makeAdmission } from "./launch/Admission.ts"
export { describeEnd, type Launch, type LaunchEnd, type LaunchNotice } from "./launch/Launch.ts"
export { UndescribedTypes } from "./launch/UndescribedTypes.ts"
export { type AskForSchemas, type DescribedTypes, type LaunchTypes, makeLaunchTypes } from "./launch/LaunchTypes.ts"
export type { LaunchOutcome } from "./launch/LaunchOutcome.ts"
export type { LaunchRequest } from "./launch/launchPlugin.ts"
export { LaunchSettings, PluginLimits, StopSettings } from "./launch/LaunchSettings.ts"
export { NodeNames } from "./launch/NodeNames.ts"
export { type OperatorRequest, PluginCoordinator, type PluginStatus } from "./supervision/PluginCoordinator.ts"
export type { PluginOptions } from "./supervision/PluginOptions.ts"
export type { RecycleResult } from "./supervision/PluginOptionsOf.ts"
export { AgentConfiguration, PluginConfiguration } from "./configuration/AgentConfiguration.ts"
export { DiscoveryConfiguration } from "./configuration/DiscoveryConfiguration.ts"
export { DriftConfiguration } from "./configuration/DriftConfiguration.ts"
export { OperatorConfiguration } from "./configuration/OperatorConfiguration.ts"
export type { DefaultOrigin, FileOrigin, NamedOrigin, Origin, Setting } from "./configuration/Setting.ts"
export { SupervisionConfiguration } from "./configuration/SupervisionConfiguration.ts"
export { type OptionSources, supervisionOptionsOf } from "./configuration/supervisionOptionsOf.ts"
export { PluginEvent } from "./supervision/PluginEvent.ts"
export { HostEnvironment, PluginLauncher } from "./launch/PluginLauncher.ts"
export { GuardProcess } from "./launch/GuardProcess.ts"
export { type LaunchProcess, LaunchProcesses } from "./launch/LaunchProcesses.ts"
export { makeSpanTracer, type SpanTracerOptions } from "../transport/SpanTracer.ts"
export { PluginSpans, type SpanOrigin } from "./launch/PluginSpans.ts"
export { type HealthSettings } from "./launch/Health.ts"
export { ProcessMemory } from "./launch/ProcessMemory.ts"
export { StallAutopsy } from "./launch/StallAutopsy.ts"
export { Quarantine, Quarantines, type QuarantinesUnreadable } from "./supervision/Quarantines.ts"
export { explainPolicy, type PolicyExplanation } from "./supervision/PolicyExplanation.ts"
export {
  defaultRestartSettings,
  type RestartPolicy,
  restartPolicy,
  RestartSettings,
} from "./supervision/RestartPolicy.ts"
export type { RestartIntensity } from "./supervision/RestartIntensity.ts"
export type { SupervisionOptions } from "./supervision/Supervisors.ts"
export type { SupervisorState } from "./supervision/SupervisorState.ts"
export { defaultSupervisionSettings, SupervisionSettings } from "./supervision/SupervisionSettings.ts"
export { CommandError, commandErrorOf } from "./commands/CommandError.ts"
export type { Confirm, ConfirmRequest } from "./commands/Confirmation.ts"
export { type AcceptedDrift, DriftNotAccepted } from "./commands/DriftNotAccepted.ts"
export { NotConfirmed, NotConfirmedReason } from "./commands/NotConfirmed.ts"
export { PlanDifference, PlanFact, PlanOutdated } from "./commands/PlanOutdated.ts"
export { isSavedPlan, type SavedPlan, SavedPlans } from "./commands/SavedPlans.ts"
export { PlanNotSaved, SavedPlanReason, SavedPlanUnusable } from "./commands/SavedPlanErrors.ts"
export { CommandName, CommandResult } from "./commands/CommandResult.ts"
export { describeNote, Note } from "./commands/Note.ts"
export { driftSchedule, type DriftWatchOptions, watchDrift } from "./DriftWatch.ts"
export { Discovered } from "./commands/Discovered.ts"
export type { DiscoverError, DiscoverOptions, DiscoveryInto } from "./commands/Discovery.ts"
export { DiscoverySettings, type PluginDiscovery } from "./commands/DiscoverySettings.ts"
export type { DiscoveryQuery } from "./commands/discoveryQuery.ts"
export type { AgentImports } from "./commands/AgentImports.ts"
export { DraftedResource } from "./commands/DraftedResource.ts"
export type { ImportError, ImportOptions } from "./commands/Importing.ts"
export { ImportReason, ImportRefused, type ThingToImport } from "./commands/ImportRefused.ts"
export type { SyncError, SyncOptions } from "./commands/Sync.ts"
export { DriftedPlace, DifferingPlace, type FoundNow, LastRead } from "./records/LastRead.ts"
export { LastReads, type Recording, type RowToRead } from "./records/LastReads.ts"
export type { RowSelection } from "./records/pagesOfRows.ts"
export { DriftEnd, PastDrift } from "./records/DriftHistory.ts"
export { ResourceDrift, ResourceResult, Status } from "./apply/ResourceResult.ts"
export { doesSomething, planDoesSomething } from "./commands/doesSomething.ts"
export { PropertyChange } from "./plan/PropertyChange.ts"
export type { CaredFor, DestroyedForma } from "./plan/DestroyedForma.ts"
export {
  Change,
  ChangeInClear,
  ChangeOperation,
  ChangeSummary,
  ExistingResource,
  PlannedChange,
  WantedResource,
} from "./plan/Change.ts"
export { ChangeError, OpenOperation } from "./records/ChangeError.ts"
export { validateForma } from "./plan/FormaExamination.ts"
export { Forma, type FormaInput } from "./forma/Forma.ts"
export type {
  DeclaredCare,
  DeclaredResource,
  DeclaredTarget,
  ResourceInput,
  TargetInput,
} from "./forma/DeclaredResource.ts"
export type { AttributeRef, DeclaredText, JsonWithRefs, PartsWithRefs, WithRefs } from "./forma/AttributeRef.ts"
export type { ValueInText } from "./forma/declareText.ts"
export {
  DriftPolicy,
  FormaDocument,
  FormaInvalid,
  type FormaIssue,
  FormaResource,
  FormaTarget,
  MovedLabel,
} from "./forma/FormaDocument.ts"
export { type FormaSource, readForma, readFormaName } from "./forma/FormaText.ts"
export type { DocumentText } from "./forma/joinDocuments.ts"
export { FormaUnreadable } from "./forma/FormaUnreadable.ts"
export {
  type DocumentInputs,
  type DocumentReads,
  FileRefused,
  type FoundDocument,
  type MissingParameter,
  type PartTargets,
} from "./forma/template/DocumentInputs.ts"
export { documentReads } from "./forma/template/documentReads.ts"
export { usedDocuments } from "./forma/template/Use.ts"
export type { GivenParameter } from "./forma/template/GivenParameter.ts"
export { type Parameter, ParameterDeclaration, ParameterType } from "./forma/template/Parameter.ts"
export {
  formatPlaced,
  type LocatedText,
  type Place,
  type PlacedIssue,
  placeIssues,
  type Position,
  readText,
  type SyntaxMistake,
} from "./forma/LocatedText.ts"
export { ChangeFailed, FailureReason } from "./operations/ChangeFailed.ts"
export { ResourceUpdater } from "./apply/ResourceUpdater.ts"
export { type CreateOptions, createRequest, StepRequest } from "./apply/StepRequest.ts"
export { StepResult } from "./apply/StepResult.ts"
export { SecretId, SecretMissing, SecretValues } from "./secrets/SecretValues.ts"
export { CommandRef } from "./apply/CommandRef.ts"
export { ChangeEvents } from "./apply/ChangeEvents.ts"
export { type RegisterOptions, StopRequests } from "./operations/StopRequests.ts"
export { AgentProcesses } from "./store/AgentProcesses.ts"
export { WaitsForRoom } from "./store/DiskRoom.ts"
export { Vault, VaultUnavailable } from "./store/Vault.ts"
export { Crash, JournalEntry, JournalStatus } from "./records/JournalEntry.ts"
export { type BegunCommand, CommandEntry, CommandJournal, type UnfinishedCommands } from "./records/CommandJournal.ts"
export { CommandStatus } from "./records/CommandStatus.ts"
export { type ListCommands, PastCommand, type PastCommands } from "./records/CommandHistory.ts"
export { CommandList, CommandState, ListedCommand, type ListCommandsOfAgent } from "./commands/CommandListing.ts"
export { MoveReason, MoveRefused } from "./commands/MoveRefused.ts"
export { type FoundResource, NotFoundReason, type ResourceName, ResourceNotFound } from "./commands/ResourceNotFound.ts"
export { ReportedOpen, ResourceReport } from "./commands/ResourceReport.ts"
export { type HistoryOf, PastOperation } from "./records/ResourceHistory.ts"
export { NotOpenReason, type OperationName, OperationNotOpen } from "./commands/OperationNotOpen.ts"
export { UsualDuration } from "./records/UsualDurations.ts"
export { JournalUnreadable } from "./records/JournalUnreadable.ts"
export { OwnedElsewhere } from "./records/OwnedElsewhere.ts"
export type { NewCare, Relabelling } from "./records/Relabelling.ts"
export type { InventoryChange } from "./records/InventoryChange.ts"
export { type OperationEnding, OperationJournal } from "./records/OperationJournal.ts"
export { decide, type Decision, type RecoveryAnswer, type RecoveryFacts } from "./operations/Recovery.ts"
export type {
  AroundWait,
  Claimant,
  Claimed,
  ClaimedResources,
  ClaimOptions,
  WaitingClaimant,
  WhenInUse,
} from "./records/Claimed.ts"
export { Claims } from "./records/Claims.ts"
export type { ClaimSet } from "./records/ClaimQueue.ts"
export type { StateError } from "./records/StateError.ts"
export {
  type DamagedOutputs,
  DocumentOutputs,
  type OutputsError,
  type OutputsOfAll,
  type OutputsOfDocument,
  StoredOutput,
} from "./records/DocumentOutputs.ts"
export { type ListOutputs, OutputNotFound, type OutputsQuery } from "./commands/OutputListing.ts"
export { ShownOutput } from "./commands/OutputValues.ts"
export { Documents } from "./records/Documents.ts"
export {
  ConflictReason,
  DocumentConflict,
  type DocumentSource,
  type NameDecision,
  type Sibling,
  type WantedByDocument,
} from "./records/DocumentSource.ts"
export { earlierNameOf, FormaName, nameKey, nameOfFile, objectionToName } from "./forma/FormaName.ts"
export { type Asked, CurrentAsked } from "./records/Asked.ts"
export { StateInUse } from "./records/StateInUse.ts"
export { type Holding, StateOwnership, type Unlocked } from "./records/StateOwnership.ts"
export { StateTaken } from "./records/StateTaken.ts"
export { StateLock } from "./store/StateLock.ts"
export { HolderKind, StateHolder } from "./store/StateHolder.ts"
export type { CommandOptions, WhenInterrupted } from "./commands/CommandOptions.ts"
export type { ResumeOptions } from "./commands/Resumption.ts"
export type { Selection } from "./commands/UnfinishedWork.ts"
export { CommandFinished } from "./commands/commandStream.ts"
export type { InventoryStream } from "./commands/InventoryListing.ts"
export { Care } from "./records/Care.ts"
export { AddedLabel, AddedReason, OnlyLabels } from "./plan/OnlyLabels.ts"
export { OnlyReason, OnlyRefused } from "./plan/OnlyRefused.ts"
export { ResourcesProtected } from "./plan/Protection.ts"
export { Inventory, InventoryRow, InventoryUnreadable } from "./records/Inventory.ts"
export type { ThingName } from "./records/OtherFormae.ts"
/** The durable store of an agent: a SQLite file, a database of the host, or memory. */
export * as Store from "./store/Store.ts"
export { agentVersion } from "./version.ts"
export { ChangeEvent, type ChangeObserver, WaitedFor } from "./apply/ChangeEvent.ts"
export { KeyRotation, type Rotated } from "./records/KeyRotation.ts"
export { EventRecorder } from "./events/EventRecorder.ts"
export { EventLog, type EventPage, type EventQuery } from "./events/EventLog.ts"
export { defaultEventRetention, type EventRetention } from "./events/EventRetention.ts"
export { CommandEnding, type EventToLog, type LoggableEvent, LoggedEvent, NumberedEvent } from "./events/LoggedEvent.ts"
