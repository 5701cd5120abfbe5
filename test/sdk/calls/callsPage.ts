/** The page docs/calls.md: the calls that each type of AWS makes. */
import { steps, type TypeCalls } from "./countTypes.ts"
import type { SdkCall } from "./SdkCalls.ts"

/** The operations in the order in which they were called, each once, with how often. */
const listed = (calls: ReadonlyArray<SdkCall>): string =>
  Object.entries(Object.groupBy(calls, (call) => call.split(" ").at(-1) ?? call))
    .map(([operation, { length } = []]) => (length === 1 ? operation : `${operation} × ${length}`))
    .join(", ")

const row = ([type, calls]: readonly [string, TypeCalls]): string =>
  `| \`${type}\` | ${steps.map((step) => calls[step]?.length ?? "-").join(" | ")} |`

const section = ([type, calls]: readonly [string, TypeCalls]): string =>
  [
    `\`${type}\``,
    "",
    ...steps.flatMap((step) => {
      const made = calls[step]
      return made === undefined || made.length === 0 ? [] : [`- ${step}: ${listed(made)}`]
    }),
  ].join("\n")

export const callsPage = (counted: ReadonlyMap<string, TypeCalls>): string => `# How many calls the AWS plugin makes

\`npm run calls\` counts them on moto, and writes this page: what the SDK sends for one resource of each type, as the samples of the plugin have it, alone and one step after another. A test compares the page with what is counted, so a call more or less is seen. [performance.md](performance.md) has the figures of whole commands.

- **identify**: which thing a create would make. A plan asks for it where a document names something new. The account number is asked for once for each target, here by the first type.
- **create**: until the resource is as wanted, with the polls.
- **tags**: an update that changes one tag and nothing else. Moto cannot tag a DSQL cluster.
- **update**: what the sample changes, without tags.

| resource type | ${steps.join(" | ")} |
|---|${steps.map(() => "--:|").join("")}
${[...counted].map(row).join("\n")}

## The calls

${[...counted].map(section).join("\n\n")}
`
