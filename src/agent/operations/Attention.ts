/** What a human is told about an operation whose end is not known. */
import type { Failure } from "../../protocol/ErrorCode.ts"
import { joinSentences } from "../../protocol/joinSentences.ts"
import type { OpenOperation } from "../records/ChangeError.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { StepFailure } from "./ChangeFailed.ts"

export const openOperationOf = ({ forma, kind, label, operationId }: JournalEntry): OpenOperation => ({
  operationId,
  kind,
  forma,
  label,
})

/** An operation that is left while the provider may be working on it, because its command was asked to stop. */
export const leftUnderWay = (
  entry: JournalEntry,
  message = "the provider is still working on it; the next command will resume it",
): StepFailure => ({ reason: { _tag: "LeftUnderWay" }, message, openOperation: openOperationOf(entry) })

/** An operation whose command was asked to stop. Where it had no try, it has waited for the rate limit. */
export const notTriedAgain = (attempts: number, { code, message }: Failure): StepFailure => ({
  reason: { _tag: "Canceled" },
  message:
    attempts === 0
      ? "not sent, because the command was asked to stop while it waited for the rate limit"
      : `not tried again, because the command was asked to stop; the last try failed with ${code}: ${message}`,
})

/** An operation that a limited command has left open, because its label was not chosen. */
export const leftOut = (entry: JournalEntry): StepFailure =>
  leftUnderWay(entry, "an earlier command has left an operation on it open, and it was not chosen for this command")

/** A create that only a human can settle. How, follows from `openOperation`: see there. */
export const needsAttention = (entry: JournalEntry, why: string): StepFailure => ({
  reason: { _tag: "NeedsAttention" },
  message: `cannot tell whether the ${entry.type} was created (${why}), because this type does not support recovery. Look for it at the provider`,
  openOperation: openOperationOf(entry),
})

/** An operation that the next command checks again, possibly without success. */
export const stillOpen = (entry: JournalEntry, { message, reason }: StepFailure): StepFailure => ({
  reason,
  message:
    entry.kind === "Create"
      ? joinSentences(
          message,
          `The next command will check again whether the ${entry.type} was created. You can also look for it at the provider`,
        )
      : joinSentences(message, "The next command will check again"),
  openOperation: openOperationOf(entry),
})

/** A create whose secrets cannot be read any more. */
export const secretsLost = (entry: JournalEntry, why: string): StepFailure => ({
  reason: { _tag: "VaultFailed" },
  message: `${why}. Resuming the create that was cut off takes the key. Without the key, look for the ${entry.type} at the provider`,
  openOperation: openOperationOf(entry),
})
