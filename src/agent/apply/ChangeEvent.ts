/** What happens while a command runs, as data without secrets. */
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { InProgress } from "../../protocol/Progress.ts"
import { ChangeSummary, PlannedChange } from "../plan/Change.ts"
import { StepAction } from "../plan/StepOrder.ts"
import { UsualDuration } from "../records/UsualDurations.ts"
import { CommandRef } from "./CommandRef.ts"
import { ResourceResult } from "./ResourceResult.ts"

/** The command that another one waits for. */
export class WaitedFor extends Schema.Opaque<WaitedFor>()(
  Schema.Struct({
    /** Identifies the command. */
    commandId: Schema.String,
    /** What it was asked to do. */
    command: Schema.String,
    /** The name of its forma. Empty in a command on all of them. */
    forma: Schema.String,
  }),
) {}

const command = {
  /** Identifies the command. */
  commandId: CommandRef.fields.commandId,
  /** The name of the forma that it applies or destroys. Empty while a command on all of them waits. */
  forma: CommandRef.fields.forma,
}

/** An intersection, because a spread would lose the comments. */
const ofCommand = <Fields>(fields: Fields): typeof command & Fields => ({ ...command, ...fields })

/**
 * One event of a command.
 *
 * - `Waiting`: it waits for another command of this agent, which works on the
 *   same document or on the same resources.
 * - `Resuming`: a resume is going to continue this. All of these events come
 *   before anything is done.
 * - `Began`: a command has begun. From now on it can be asked to stop by its id.
 * - `Planned`: everything that the command is going to do.
 * - `Started`: a step of a change has started. A replace has two steps.
 * - `Progressed`: the provider has accepted the work, or the work is retried
 *   after a failure.
 * - `Finished`: the change of a resource has ended.
 */
export const ChangeEvent = Schema.TaggedUnion({
  Waiting: ofCommand({
    /** The command that it waits for. Null where that is not known. */
    waitsFor: Schema.NullOr(WaitedFor),
  }),
  Resuming: ofCommand({
    /** What is resumed. `operations` stands for what an ended command has left open. */
    what: Schema.Literals(["apply", "destroy", "operations"]),
    /** When the command was started, in milliseconds since 1970. Left out for `operations`. */
    startedAt: Schema.optionalKey(Schema.Finite),
    /** How the command ended. */
    ended: Schema.Literals(["canceled", "cut off", "left open"]),
    /** The labels of its resources whose operations have not ended. */
    open: Schema.Array(Schema.String),
  }),
  Began: command,
  Planned: ofCommand({
    /** In no particular order: the order of the steps follows from what they need. */
    changes: Schema.Array(PlannedChange),
    /** How long operations took before, by this state. For an estimate: what it says is not exact. */
    usual: Schema.Array(UsualDuration),
  }),
  Started: ofCommand({
    /** The change that the step is part of. */
    change: ChangeSummary,
    /** `remove` for the delete of a delete or a replace, `ensure` otherwise. */
    action: StepAction,
  }),
  Progressed: ofCommand({
    /** The change. */
    change: ChangeSummary,
    /** What the plugin reported. */
    progress: InProgress,
  }),
  Finished: ofCommand({
    /** The same entry as in the result of the command. */
    result: ResourceResult,
  }),
})
export type ChangeEvent = typeof ChangeEvent.Type | never

/** Observes the events of a command, in their order. The command waits until the observer has returned. */
export type ChangeObserver = (event: ChangeEvent) => Effect.Effect<void>
