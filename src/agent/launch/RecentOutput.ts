/** The last lines that a process printed, for the error that may need them. */
const keptLines = 20
const keptCharacters = 500

export interface RecentOutput {
  readonly add: (line: string) => void
  readonly lines: () => ReadonlyArray<string>
}

export const makeRecentOutput = (): RecentOutput => {
  const lines: Array<string> = []
  return {
    add: (line) => {
      lines.push(line.slice(0, keptCharacters))
      if (lines.length > keptLines) lines.shift()
    },
    lines: () => [...lines],
  }
}
