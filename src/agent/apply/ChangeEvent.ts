/** What happens while a command runs, as data without secrets. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InProgress } from "../../protocol/Progress.ts"
import { ChangeSummary } from "../plan/Change.ts"
import { StepAction } from "../plan/StepOrder.ts"
import { CommandRef } from "./CommandRef.ts"
import { ResourceResult } from "./ResourceResult.ts"

const { commandId, forma } = CommandRef.fields

/** One event of a command. */
export const ChangeEvent = Schema.TaggedUnion({
  /** A command has begun. From now on it can be asked to stop by its id. */
  Began: { commandId, forma },
  /** Everything that the command is going to do. */
  Planned: { commandId, forma, changes: Schema.Array(ChangeSummary) },
  /** A step of a change has started. A replace has two steps. */
  Started: { commandId, forma, change: ChangeSummary, action: StepAction },
  /** The provider has accepted the work, or the work is retried after a failure. */
  Progressed: { commandId, forma, change: ChangeSummary, progress: InProgress },
  /** The change of a resource has ended. */
  Finished: { commandId, forma, result: ResourceResult },
})
export type ChangeEvent = typeof ChangeEvent.Type | never

/** Observes the events of a command, in their order. The command waits until the observer has returned. */
export type ChangeObserver = (event: ChangeEvent) => Effect.Effect<void>
