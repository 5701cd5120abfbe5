/** One operation as it is to be run. */
import type * as Effect from "effect/Effect"
import type { Operation } from "../../protocol/Operation.ts"
import type { ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { ChangeFailed } from "./ChangeFailed.ts"

export interface Work {
  /** The command that runs it, and that can be asked to stop. The entry may be of an earlier one. */
  readonly commandId: string
  readonly entry: JournalEntry
  /** That of the entry, with its secrets. */
  readonly targetConfig: TargetConfig
  /** Undefined in a delete, which needs none. */
  readonly capabilities: TypeCapabilities | undefined
  /**
   * What is to be sent, asked for each time that it is sent. An update that
   * finds nothing left to do has succeeded.
   */
  readonly next: Effect.Effect<Operation | Succeeded, ChangeFailed>
  /** What no message may show. */
  readonly secrets: ReadonlyArray<string>
  /** Told before each call that begins or goes on with it. */
  readonly begins: Effect.Effect<void>
  readonly observe: ProgressObserver
}
