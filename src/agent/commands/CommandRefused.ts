import type { DocumentConflict } from "../records/DocumentSource.ts"
import type { StateInUse } from "../records/StateInUse.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import type { DriftNotAccepted } from "./DriftNotAccepted.ts"
import type { NotConfirmed } from "./NotConfirmed.ts"
import type { PlanOutdated } from "./PlanOutdated.ts"
import type { ResumeError } from "./Resumption.ts"

/** Why a command could not make its changes. */
export type CommandRefused =
  | AgentUnreachable
  | DocumentConflict
  | DriftNotAccepted
  | NotConfirmed
  | PlanOutdated
  | ResumeError
  | StateInUse
