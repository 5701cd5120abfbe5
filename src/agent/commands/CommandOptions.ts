/** How a command that changes something is run. */
import type * as Effect from "effect/Effect"
import type { ChangeObserver } from "../apply/ChangeEvent.ts"
import type { PropertyChange } from "../plan/PropertyChange.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { WhenInUse } from "../records/Claimed.ts"
import type { DocumentSource } from "../records/DocumentSource.ts"
import type { AcceptedDrift } from "./DriftNotAccepted.ts"
import type { Confirm } from "./Confirmation.ts"

/** How a command that changes something is run. Every field may be left out. */
export interface CommandOptions {
  /** The id of the command: a UUID that no command has had. By default a new one is made. */
  readonly commandId?: string | undefined
  /**
   * Where the document was read. Where it is given, the state remembers it, and
   * the command fails with `DocumentConflict` if another document has the
   * resources of that name.
   */
  readonly document?: DocumentSource | undefined
  /**
   * Asks whether the command may do what it has planned: yes is true. Until then
   * it changes nothing, but for the operations that earlier commands have left
   * open, which are taken up before. It is not asked where there is nothing to
   * do. What is done is what was asked: after an answer that took more than five
   * seconds, the command plans again, and asks again if the plan is another one.
   * Where the answer is no, the command fails with `NotConfirmed`. A resume asks
   * nothing, because it continues what was confirmed.
   */
  readonly confirm?: Confirm | undefined
  /**
   * What it may overwrite or delete of what was changed elsewhere, or create again
   * of what was deleted elsewhere, where the document says `drift: ask`: the
   * resources with these labels, or with `confirmed` all that `confirm` has said
   * yes to. Nothing of it by default: then a command that would fails with
   * `DriftNotAccepted`, before it has done anything.
   */
  readonly acceptDrift?: AcceptedDrift | undefined
  /**
   * Of an apply: does only what this plan shows. They are the resources of a
   * result of `Agent.plan` for the same forma, such as `SavedPlans` keeps.
   * Everything is planned again, and where another thing would be done, or where
   * an operation on the forma is open, the command fails with `PlanOutdated`
   * before it has done anything.
   */
  readonly expected?: ReadonlyArray<ResourceResult> | undefined
  /** With `expected`: the output changes of the same result, none where it has none. Left out, outputs are not compared. */
  readonly expectedOutputs?: ReadonlyArray<PropertyChange> | undefined
  /**
   * Of an apply and of a plan: the labels whose changes are made, with those of
   * everything that they refer to or depend on, and of what a replacement of one
   * of them forces. All other resources, their operations that are open, and the
   * outputs that refer to them are left exactly as they are. A label that is in
   * the state and no longer in the document deletes its resource. A resume of the
   * command is limited in the same way. Fails with `OnlyRefused`, before anything
   * is done, where there is no such label, or where something else would have to
   * be changed first; a destroy with labels always does. An empty list chooses
   * nothing.
   */
  readonly only?: ReadonlyArray<string> | undefined
  /**
   * Observes the events of the command, in their order. A slow observer holds
   * no step up, and keeps nothing of the state from other commands. The command
   * returns once its observer has observed all events, or is interrupted. An
   * observer that throws gets no more events.
   */
  readonly observe?: ChangeObserver | undefined
  /**
   * Asks the command to stop as soon as this completes, as `Agent.stop` does by
   * its id. A command that is still waiting for its turn then fails with
   * `StateInUse`. It is run once.
   */
  readonly stopWhen?: Effect.Effect<unknown> | undefined
  /**
   * What to do while another command of this agent is running on the same
   * document or the same resources: wait for its end (the default), or fail with
   * `StateInUse`. Commands that share nothing run side by side. While a
   * command of another agent runs, in this process or another one, it always fails.
   */
  readonly whenInUse?: WhenInUse | undefined
  /**
   * What the journal says of a command that is interrupted: that it was canceled
   * (the default), as after `stopWhen`, or nothing, so that it counts as cut off.
   * An agent that hands its work over to a successor leaves it. Both kinds are
   * continued by `Agent.resume` or by the next command on the same forma, and by
   * nothing else. A function is asked when the command is interrupted.
   */
  readonly whenInterrupted?: WhenInterrupted | (() => WhenInterrupted) | undefined
}

/** What becomes of a command that is interrupted. */
export type WhenInterrupted = "cancel" | "leave"
