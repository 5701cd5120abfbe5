/** What happens while a command runs, as data: nothing in it is secret. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InProgress } from "../../protocol/Progress.ts"
import { ChangeSummary } from "../plan/Change.ts"
import { StepAction } from "../plan/StepOrder.ts"
import { CommandRef } from "./CommandRef.ts"
import { ResourceResult } from "./ResourceResult.ts"

const { commandId, forma } = CommandRef.fields

export const ChangeEvent = Schema.TaggedUnion({
  /** A command begins. From here on it can be asked to stop by its id. */
  Began: { commandId, forma },
  /** All that the command is going to do. */
  Planned: { commandId, forma, changes: Schema.Array(ChangeSummary) },
  /** A step of a change begins; a replace has two. */
  Started: { commandId, forma, change: ChangeSummary, action: StepAction },
  /** The provider has accepted the work, or it is tried again after a failure. */
  Progressed: { commandId, forma, change: ChangeSummary, progress: InProgress },
  /** A resource is done, or has failed. */
  Finished: { commandId, forma, result: ResourceResult },
})
export type ChangeEvent = typeof ChangeEvent.Type

/** Is given the events of a command in their order. */
export type ChangeObserver = (event: ChangeEvent) => Effect.Effect<void>
