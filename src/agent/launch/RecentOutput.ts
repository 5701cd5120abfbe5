/** The last lines that a process printed, for the error that may need them. */
const maxLines = 20
const maxCharacters = 500

export interface RecentOutput {
  /** Adds one line, or a text of several. */
  readonly add: (text: string) => void
  readonly lines: () => ReadonlyArray<string>
}

export const makeRecentOutput = (): RecentOutput => {
  const lines: Array<string> = []
  return {
    add: (text) => {
      for (const line of text.split("\n").slice(-maxLines)) lines.push(line.slice(0, maxCharacters))
      if (lines.length > maxLines) lines.splice(0, lines.length - maxLines)
    },
    lines: () => [...lines],
  }
}
