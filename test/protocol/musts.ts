/**
 * The duties of PROTOCOL.md. Each MUST of its sections 2 to 6 is followed by a
 * comment with its id, which no reader sees: `<!-- must: frames.junk -->`. So a
 * test can name what it holds, in words that survive a change of the sentence.
 */
import { readFileSync } from "node:fs"

const page = new URL("../../PROTOCOL.md", import.meta.url)

/** What the ids of a section begin with. The report of the conformance kit names the sections by the same words. */
const sections: Readonly<Record<string, string>> = {
  "2. The process": "process",
  "3. Frames": "frames",
  "4. The handshake": "handshake",
  "5. The calls": "calls",
  "6. What the plugin owes": "duties",
}

/** A line of the page that says MUST: a paragraph, an item of a list or a row of a table. */
export interface MustLine {
  /** What its ids have to begin with. */
  readonly section: string
  readonly text: string
  /** How often it says MUST or MUST NOT. */
  readonly musts: number
  readonly ids: ReadonlyArray<string>
}

/** The lines with a MUST or an id, in the order of the page. */
export const readMustLines = (text: string = readFileSync(page, "utf8")): ReadonlyArray<MustLine> => {
  let section: string | undefined
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) section = sections[line.slice(3)]
    const ids = [...line.matchAll(/<!-- must: (\S+) -->/g)].map(([, id]) => id ?? "")
    const musts = line.match(/\bMUST\b/g)?.length ?? 0
    return section === undefined || musts + ids.length === 0 ? [] : [{ section, text: line, musts, ids }]
  })
}
