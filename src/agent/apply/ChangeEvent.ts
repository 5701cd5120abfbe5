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
  /**
   * A resume is going to continue this. All of these events come before anything
   * is done. `operations` stands for what an ended command has left open.
   */
  Resuming: {
    commandId,
    forma,
    what: Schema.Literals(["apply", "destroy", "operations"]),
    /** When the command was started, in milliseconds since 1970. */
    startedAt: Schema.optionalKey(Schema.Finite),
    /** How the command ended. */
    ended: Schema.Literals(["canceled", "cut off", "left open"]),
    /** The labels of its resources whose operations have not ended. */
    open: Schema.Array(Schema.String),
  },
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
export type ChangeEvent = typeof ChangeEvent.Type

/** Observes the events of a command, in their order. The command waits until the observer has returned. */
export type ChangeObserver = (event: ChangeEvent) => Effect.Effect<void>
