/** Names, comments and lines as TypeScript has them. */

/** Words that cannot name a namespace or a type. */
const reserved = new Set(
  (
    "any as asserts async await bigint boolean break case catch class const continue debugger default delete do else " +
    "enum export extends false finally for function if implements import in instanceof interface let never new null " +
    "number object package private protected public return static string super switch symbol this throw true try " +
    "type typeof undefined unknown var void while with yield"
  ).split(" "),
)

/** A name as an identifier: the same where it can be one. */
export const identifierOf = (name: string): string => {
  const cleaned = name.replaceAll(/[^A-Za-z0-9_$]/g, "_")
  return reserved.has(cleaned) || !/^[A-Za-z_$]/.test(cleaned) ? `_${cleaned}` : cleaned
}

/** The name of a field: in quotes where it has to be. */
export const nameOfField = (name: string): string =>
  /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name)

/** The lines of a comment, one for each sentence that is there. */
export const docComment = (sentences: ReadonlyArray<string | undefined>): ReadonlyArray<string> => {
  const lines = sentences
    .filter((sentence) => sentence !== undefined)
    .flatMap((sentence) => sentence.replaceAll("*/", "*\\/").split(/\r?\n/))
  if (lines.length < 2) return lines.map((line) => `/** ${line} */`)
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"]
}

/** Moves all lines of a text to the right. */
export const indented = (columns: number, text: string): string => text.replaceAll(/^(?=.)/gm, " ".repeat(columns))

/** A name and its type. A union of several lines begins on a line of its own. */
export const withType = (start: string, type: string): string => `${start}${type.startsWith("\n") ? "" : " "}${type}`
