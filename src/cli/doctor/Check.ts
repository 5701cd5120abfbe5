/** The checks of `formae doctor`: what each is given, and what it gives. */
import type * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { AgentConfig } from "../AgentConfig.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import type { Finding } from "./Finding.ts"

export interface DoctorFlags extends AgentFlags {
  /** Whether each plugin is started. */
  readonly start: boolean
}

/** What all checks look at. Nothing in it is certain to be there, or to be usable. */
export interface Subject {
  readonly flags: DoctorFlags
  /** The configuration, or the defaults where it cannot be read. */
  readonly config: AgentConfig
  /** Why it cannot be read. */
  readonly misconfigured: CommandFailure | undefined
  /** The state file. It may be missing. */
  readonly stateFile: string
  /** Why what the folder supplies is not used: all of it, and its state alone. */
  readonly untrusted: { readonly all: CommandFailure | undefined; readonly state: CommandFailure | undefined }
}

export type DoctorServices = ChildProcessSpawner | FileSystem.FileSystem | Path.Path

export interface Check {
  readonly name: string
  /** How long it may take. What it has found by then is not told. */
  readonly boundMillis: number
  /** Looks, and changes nothing. */
  readonly look: (subject: Subject) => Effect.Effect<ReadonlyArray<Finding>, never, DoctorServices>
}

export const seconds = (count: number): number => count * 1_000
