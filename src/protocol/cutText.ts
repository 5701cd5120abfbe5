/** Text for people that came from elsewhere, at a length that a log and a terminal can hold. */

/** The longest message that is kept whole, in characters. */
export const maxMessageCharacters = 8_192

/** The text itself, or its beginning and how long it was. */
export const cutText = (text: string, maxCharacters = maxMessageCharacters): string =>
  text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}… (${text.length} characters)`
