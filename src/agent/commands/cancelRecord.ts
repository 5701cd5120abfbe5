/** Records that a command was canceled at once, so that the next agent leaves it alone if this one is killed before the command has ended. */
import * as Effect from "effect/Effect"
import { CommandJournal } from "../records/CommandJournal.ts"

/** What records it. A state that cannot be written now hears of it at the end of the command. */
export const makeCancelRecord = Effect.map(
  CommandJournal,
  ({ cancel }) =>
    (commandId: string): Effect.Effect<void> =>
      cancel(commandId).pipe(Effect.timeoutOption(writeMillis), Effect.ignore({ log: true })),
)

/** A full disk is waited for, but not by a cancel. */
const writeMillis = 5_000
