/** What a human is told of an operation that may stay open. */
import type { JournalEntry } from "../records/JournalEntry.ts"

type Subject = Pick<JournalEntry, "forma" | "kind" | "label" | "type">

const adopt = ({ forma, label }: Subject) => `"formae adopt ${label} NATIVE_ID --forma ${forma}" takes it over`
const forget = ({ forma, label }: Subject) => `"formae forget ${label} --forma ${forma}"`

/** Of a create that nobody else can settle. */
export const attentionMessage = (subject: Subject, why: string): string =>
  `nobody can tell whether the ${subject.type} was made (${why}), for its type has nothing to ask by. Look for it at the provider. If it is there, ${adopt(subject)}; if it is not, ${forget(subject)} lets it be made anew`

/** Of what the next command asks for again, which may be in vain. */
export const openMessage = (subject: Subject, why: string): string =>
  subject.kind === "Create"
    ? `${why}. What became of it is asked for again by the next command; whoever knows can settle it: ${adopt(subject)}, ${forget(subject)} lets it be made anew`
    : `${why}. What became of it is asked for again by the next command; ${forget(subject)} gives that up`

/** Of a create whose secrets can not be had back. */
export const secretsGoneMessage = (subject: Subject, why: string): string =>
  `${why}. For what was cut off the key is needed; without it, look for the ${subject.type} at the provider: ${adopt(subject)}, ${forget(subject)} lets it be made anew`
