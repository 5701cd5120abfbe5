/** Sentences one after the other: a provider may have ended its own with a dot already. */
export const joinSentences = (first: string, second: string): string => `${first.replace(/\.+\s*$/, "")}. ${second}`
