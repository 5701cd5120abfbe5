/** The page docs/attacks.md: what hostile plugins did, and what the agent did about it. */
import type { Attack, AttackGroup } from "./Attack.ts"
import type { Outcome } from "./runAttacks.ts"

const inCell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;")

/** The cells of a row that are the same on each machine. */
export const rowOf = ({ exhibit, sent }: Attack, did: string): string =>
  `| \`${exhibit}\` | ${inCell(sent)} | ${inCell(did)} |`

const measuredRow = ({ attack, did, memory, millis }: Outcome): string =>
  `${rowOf(attack, did)} ${Math.ceil(millis / 1000)} s | ${memory.toFixed(1)} |`

/** The rows of a page, without what varies by machine. */
export const rowsIn = (page: string): ReadonlyArray<string> =>
  page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replace(/ \d+ s \| \d+\.\d \|$/, ""))

export const attacksPage = (groups: ReadonlyArray<readonly [AttackGroup, ReadonlyArray<Outcome>]>): string =>
  [
    "# What hostile plugins can do",
    "",
    "`npm run attacks` makes this page: it lets each plugin below attack an agent that applies a document. `npm test` runs the same attacks, most of them many at a time on one agent. After each of them:",
    "",
    "* The command has ended by itself within 10 s, with one result on stdout (`--json`) and nothing in its output that steers a terminal.",
    "* The resources of another plugin in the same document are done. A plugin that does not start is the exception: then the command is refused before it does anything.",
    "* The agent has taken at most twice the memory that it takes when all plugins are harmless.",
    "* No process is left.",
    "* The state is usable: as soon as the plugin is harmless, the next apply does what the document says.",
    "",
    "The bounds of time are those of the configuration. Where an attack lasts until one of them (10 s for the handshake, 30 s for a stall, an hour for an operation), it is set to 1 or 2 s here. The plugins are in `test/fixtures/plugins/museum`, a few lines each.",
    "",
    "Time is that of the whole command. Memory is the agent's peak, as a multiple of the usual one.",
    ...groups.flatMap(([{ title }, outcomes]) => [
      "",
      `## ${title}`,
      "",
      "| plugin | what it sent | what the agent did | time | memory |",
      "|---|---|---|---|---|",
      ...outcomes.map(measuredRow),
    ]),
    "",
  ].join("\n")
