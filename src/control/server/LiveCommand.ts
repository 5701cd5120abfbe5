/** One command of the API while the agent has it: its record, and those who wait for a change of it. */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { WhenInterrupted } from "../../agent/commands/CommandOptions.ts"
import type { ApiRecord } from "../api/ApiCommand.ts"

/**
 * The first revision of the records of commands that begin in these fibers. A runner that takes a command over begins
 * higher than the one before: a client that waits for a change takes that for one.
 */
export const FirstRevision = Context.Reference<number>("formae/control/server/FirstRevision", { defaultValue: () => 1 })

/**
 * Ends the holding of these fibers, so that their commands are continued under the next one, here or on another runner.
 * Undefined where commands stay for as long as the agent does.
 */
export const EndHolding = Context.Reference<Effect.Effect<void> | undefined>("formae/control/server/EndHolding", {
  defaultValue: () => undefined,
})

/** A command of the API while the agent has it. */
export interface LiveCommand {
  /** What is known of it now. */
  readonly record: () => ApiRecord
  /** Changes what is known of it. */
  readonly change: (change: (record: ApiRecord) => ApiRecord) => void
  /** Completes at the next change. */
  readonly awaitChange: Effect.Effect<void>
  /** Completes once it has ended here, or is left to the next agent. */
  readonly done: Deferred.Deferred<void>
  /** Completes when it is asked to stop. */
  readonly stopped: Deferred.Deferred<void>
  /** Completes when it is to be interrupted by its caller. */
  readonly interrupted: Deferred.Deferred<void>
  /** What the journal says of it if it is interrupted now: a caller cancels, an agent that ends leaves it to the next one. */
  readonly whenInterrupted: () => WhenInterrupted
  /** The command of the agent that it is. Undefined until it begins. */
  commandId: string | undefined
  /** The answer to the question that it asks now. */
  answer: Deferred.Deferred<boolean> | undefined
}

/** A command as one sees it who only watches it. */
export type WatchedCommand = Pick<LiveCommand, "awaitChange" | "record">

/** A command that begins now. */
export const makeLiveCommand = (first: ApiRecord): LiveCommand => {
  let record = first
  let changed = Deferred.makeUnsafe<void>()
  const interrupted = Deferred.makeUnsafe<void>()
  return {
    record: () => record,
    change: (change) => {
      record = { ...change(record), revision: record.revision + 1 }
      const before = changed
      changed = Deferred.makeUnsafe()
      Deferred.doneUnsafe(before, Exit.void)
    },
    awaitChange: Effect.suspend(() => Deferred.await(changed)),
    done: Deferred.makeUnsafe(),
    stopped: Deferred.makeUnsafe(),
    interrupted,
    whenInterrupted: () => (Deferred.isDoneUnsafe(interrupted) ? "cancel" : "leave"),
    commandId: undefined,
    answer: undefined,
  }
}
