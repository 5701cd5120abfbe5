/** docs/kit.md: the checks of the conformance kit, and the mistakes that they are known to find. */
import { allChecks } from "../src/testing/conformance/index.ts"
import { mutations } from "../test/process/conformance/mutations.ts"
import { readMustLines } from "../test/protocol/musts.ts"

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

/** The sentence of PROTOCOL.md that each id stands behind, from its beginning to the id. */
const sentences: ReadonlyMap<string, string> = new Map(
  readMustLines().flatMap(({ text }) => {
    const parts = text.split(/<!-- must: (\S+) -->/)
    return parts.flatMap((id, index) => {
      if (index % 2 === 0) return []
      const before = (parts[index - 1] ?? "").replaceAll("**", "").trim()
      // The last cell of a row of a table, and the last sentence of a paragraph.
      const last =
        before
          .split(/ \| /)
          .at(-1)
          ?.split(/(?<=[.:)]) (?=[A-Z`])/)
          .at(-1) ?? ""
      return [[id, last.replace(/^[*|(]\s*/, "").replace(/[,;]$/, "")] as const]
    })
  }),
)

const found = (checks: ReadonlyArray<string>): string => checks.map((id) => `\`${id}\``).join(", ")

const mutationRows = mutations.flatMap(({ fails, fault, musts, unseen, warns }) => {
  const by = unseen === undefined ? found([...fails, ...warns]) : `**none**: ${unseen}`
  return (musts.length === 0 ? [""] : musts).map((must) => ({ must, fault, by }))
})

const rowsOf = (must: string) => mutationRows.filter((row) => row.must === must && row.by !== "")

const mustTable = [...sentences].flatMap(([must, sentence]) =>
  rowsOf(must).map(({ by, fault }) => `| \`${must}\` | ${cell(sentence)} | ${cell(fault)} | ${by} |`),
)

const otherTable = rowsOf("").map(({ by, fault }) => `| ${cell(fault)} | ${by} |`)

const checkTable = Object.entries(allChecks).map(
  ([id, { section, title }]) => `| \`${id}\` | ${cell(title)} | ${section} |`,
)

const unseenCount = mutations.filter(({ unseen }) => unseen !== undefined).length

export const kitPage = `<!-- Written by \`npm run readme\`. Do not edit. -->
# The conformance kit

\`formae plugin test DIR\` tests a plugin against [PROTOCOL.md](../PROTOCOL.md). It exits with 0 if the plugin passes, with 1 if a check failed, and with 2 if the folder is no plugin or its samples cannot be used. A plugin that the agent cannot start fails, and so does one of which no resource type could be tested. Each check ends as ok, failed, warned (what PROTOCOL.md recommends with SHOULD) or skipped, and is shown on stderr when it ends. No check takes longer than 15 minutes, and the whole run no longer than an hour. \`--check ID\` runs one check of the list below, and those that it needs.

## A provider that fails on request

Retries, polls and time limits show only when the provider fails. Tell the kit how to make it fail, with \`failing\` in a sample. Each kind of failure is put over the target config and the properties of the sample. So the provider can be an emulator with a switch, or a proxy that fails, at another \`endpoint\`:

\`\`\`yaml
samples:
  - type: Local::Disk::Thing
    properties: { Name: "thing-{{unique}}" }
    failing:
      log: "{{folder}}/calls.log"
      recoverable: { target: { endpoint: "http://localhost:9001/throttle" } }
      terminal: { target: { endpoint: "http://localhost:9001/deny" } }
      silent: { target: { endpoint: "http://localhost:9001/silence" } }
      failedPolls: { target: { endpoint: "http://localhost:9001/lose-status" } }
\`\`\`

| kind | what the provider has to do |
|---|---|
| \`recoverable\` | refuse each create with a recoverable code that says that nothing was done, such as \`Throttling\` |
| \`terminal\` | refuse each create with a terminal code, such as \`AccessDenied\` |
| \`ambiguous\` | refuse each create with a code that leaves open whether it was done, such as \`InternalFailure\`. Only for types with the idempotency \`none\` |
| \`silent\` | never answer a create |
| \`failedPolls\` | accept a create, and refuse each question about it with a recoverable code |

All of them are optional. What is missing is skipped. \`log\` is a file to which the provider, or the proxy, adds a line for each call that it gets: the milliseconds since 1970, a space, and \`create\` or \`status\`. With it, the kit counts what has really arrived, and looks at the delays; without it, it goes by \`attempts\`. Each type needs a log of its own.

## What the kit finds

Each MUST of PROTOCOL.md, sections 2 to 6, was broken by a mistake that was planted into a plugin that does everything right. The tests of this repository plant them one by one, and hold this table: ${mutations.length} mistakes, of which ${unseenCount} goes unseen.

| MUST | PROTOCOL.md | mistake | found by |
|---|---|---|---|
${mustTable.join("\n")}

Other mistakes:

| mistake | found by |
|---|---|
${otherTable.join("\n")}

## The checks

| id | a plugin that passes | PROTOCOL.md |
|---|---|---|
${checkTable.join("\n")}
`
