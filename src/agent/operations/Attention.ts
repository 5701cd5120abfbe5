/** What a human is told about an operation whose end is not known. */
import type { JournalEntry } from "../records/JournalEntry.ts"

type Subject = Pick<JournalEntry, "forma" | "kind" | "label" | "type">

/** The two ways to settle a create by hand. */
const settleCreate = ({ forma, label }: Subject): string =>
  `If it exists, "formae adopt ${label} NATIVE_ID --forma ${forma}" takes it over; if it does not, "formae forget ${label} --forma ${forma}" lets it be created again`

/** A create that only a human can settle. */
export const attentionMessage = (subject: Subject, why: string): string =>
  `cannot tell whether the ${subject.type} was created (${why}), because this type does not support recovery. Look for it at the provider. ${settleCreate(subject)}`

/** An operation that the next command checks again, possibly without success. */
export const openMessage = (subject: Subject, why: string): string =>
  subject.kind === "Create"
    ? `${why}. The next command will check again whether the ${subject.type} was created. You can also look for it at the provider. ${settleCreate(subject)}`
    : `${why}. The next command will check again; "formae forget ${subject.label} --forma ${subject.forma}" gives up on it`

/** A create whose secrets cannot be read any more. */
export const secretsLostMessage = (subject: Subject, why: string): string =>
  `${why}. Resuming the create that was cut off takes the key. Without the key, look for the ${subject.type} at the provider. ${settleCreate(subject)}`
