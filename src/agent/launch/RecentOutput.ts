/** The last lines that a process printed, for the error that may need them. */
const keptLines = 20
const keptCharacters = 500

export interface RecentOutput {
  /** Takes one line, or a text of several. */
  readonly add: (text: string) => void
  readonly lines: () => ReadonlyArray<string>
}

export const makeRecentOutput = (): RecentOutput => {
  const lines: Array<string> = []
  return {
    add: (text) => {
      for (const line of text.split("\n").slice(-keptLines)) lines.push(line.slice(0, keptCharacters))
      if (lines.length > keptLines) lines.splice(0, lines.length - keptLines)
    },
    lines: () => [...lines],
  }
}
