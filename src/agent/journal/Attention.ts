/** What a human is told of a create that nobody else can settle, or not by itself. */
import type { JournalEntry } from "./JournalEntry.ts"

export const attentionMessage = (
  { forma, label, type }: Pick<JournalEntry, "forma" | "label" | "type">,
  why: string,
): string =>
  `nobody can tell whether the ${type} was made (${why}), for its type has nothing to ask by. Look for it at the provider. If it is there, "formae adopt ${label} NATIVE_ID --forma ${forma}" takes it over; if it is not, "formae forget ${label} --forma ${forma}" lets it be made anew`

export const secretsGoneMessage = (
  { forma, label, type }: Pick<JournalEntry, "forma" | "label" | "type">,
  why: string,
): string =>
  `${why}. If it has other ones by now, look for the ${type} at the provider: "formae adopt ${label} NATIVE_ID --forma ${forma}" takes it over, "formae forget ${label} --forma ${forma}" lets it be made anew`
