/** What a human is told about an operation whose end is not known. */
import type { OpenOperation } from "../records/ChangeError.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { StepFailure } from "./ChangeFailed.ts"

/** The two ways to settle a create by hand. */
const settleCreate = ({ forma, label }: JournalEntry): string =>
  `If it exists, adopt ${forma}/${label} by its native id; if it does not, forget ${forma}/${label}, so that it can be created again`

export const openOperationOf = ({ forma, kind, label, operationId }: JournalEntry): OpenOperation => ({
  operationId,
  kind,
  forma,
  label,
})

/** A create that only a human can settle. */
export const needsAttention = (entry: JournalEntry, why: string): StepFailure => ({
  reason: { _tag: "NeedsAttention" },
  message: `cannot tell whether the ${entry.type} was created (${why}), because this type does not support recovery. Look for it at the provider. ${settleCreate(entry)}`,
  openOperation: openOperationOf(entry),
})

/** An operation that the next command checks again, possibly without success. */
export const stillOpen = (entry: JournalEntry, { message, reason }: StepFailure): StepFailure => ({
  reason,
  message:
    entry.kind === "Create"
      ? `${message}. The next command will check again whether the ${entry.type} was created. You can also look for it at the provider. ${settleCreate(entry)}`
      : `${message}. The next command will check again; to give up on it, forget ${entry.forma}/${entry.label}`,
  openOperation: openOperationOf(entry),
})

/** A create whose secrets cannot be read any more. */
export const secretsLost = (entry: JournalEntry, why: string): StepFailure => ({
  reason: { _tag: "VaultFailed" },
  message: `${why}. Resuming the create that was cut off takes the key. Without the key, look for the ${entry.type} at the provider. ${settleCreate(entry)}`,
  openOperation: openOperationOf(entry),
})
