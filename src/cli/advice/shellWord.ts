/** Words of commands that a person may paste into a shell. */
import { isWindows, thisPlatform } from "../../platform/Platform.ts"

/** What a shell takes as it stands. */
const isPlain = /^[\w@%+=:,./-]+$/

/** The same for cmd and PowerShell. In cmd `%` begins a variable, and in PowerShell `@` and a comma have a meaning. */
const isPlainOnWindows = /^[\w+=:./\\-]+$/

/**
 * A text as one word of a command. On Windows it is in the only quotes that both shells know; they still replace what
 * looks like a variable there.
 */
export const shellWord = (text: string, platform: string = thisPlatform): string => {
  if (isWindows(platform)) return isPlainOnWindows.test(text) ? text : `"${insideOfQuotes(text)}"`
  return isPlain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Before the last quote, programs take a backslash as a sign that the word goes on, and two as one. */
const insideOfQuotes = (text: string): string => text.replaceAll('"', '""').replace(/\\+$/, "$&$&")
