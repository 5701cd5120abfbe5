/** One operation that is to be run. */
import type * as Effect from "effect/Effect"
import type { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { ChangeFailed } from "./ChangeFailed.ts"

export interface Work {
  /** The command that runs it, and that can be asked to stop. The entry may belong to an earlier command. */
  readonly commandId: string
  readonly entry: JournalEntry
  /** The config of the entry, with its secrets. */
  readonly targetConfig: TargetConfig
  /** Undefined in a delete, which needs none. */
  readonly capabilities: TypeCapabilities | undefined
  /**
   * What to send. Evaluated again each time that the operation is sent. An
   * update that finds nothing left to do has succeeded.
   */
  readonly next: Effect.Effect<Operation | Succeeded, ChangeFailed>
  /**
   * The labels of its forma that the document no longer wants. If the operation
   * turns out to have made what one of them has, that is a rename.
   */
  readonly unwanted: ReadonlyArray<string>
  /** Texts that must not appear in any message. */
  readonly secrets: ReadonlyArray<string>
  /** Runs before each call that begins or continues the operation. */
  readonly onBegin: Effect.Effect<void>
  readonly observe: ProgressObserver
}
