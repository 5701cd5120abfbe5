import type { DocumentConflict } from "../records/DocumentSource.ts"
import type { StateInUse } from "../records/StateInUse.ts"
import type { ResumeError } from "./Resumption.ts"

/** Why a command could not make its changes. */
export type CommandRefused = DocumentConflict | ResumeError | StateInUse
