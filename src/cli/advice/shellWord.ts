/** What a shell takes as it stands. */
const isPlain = /^[\w@%+=:,./-]+$/

/** A text as one word of a command that a person may paste into a shell. */
export const shellWord = (text: string): string =>
  isPlain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
