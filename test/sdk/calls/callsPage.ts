/** The page docs/calls.md: the calls that each type of AWS makes. */
import { type Step, steps, type TypeCalls } from "./countTypes.ts"
import { leastCalls } from "./leastCalls.ts"
import type { SdkCall } from "./SdkCalls.ts"

/** The operations in the order in which they were called, each once, with how often. */
const listed = (calls: ReadonlyArray<SdkCall>): string =>
  Object.entries(Object.groupBy(calls, (call) => call.split(" ").at(-1) ?? call))
    .map(([operation, { length } = []]) => (length === 1 ? operation : `${operation} × ${length}`))
    .join(", ")

/** Without the looks before the first call that changes something. */
const fromFirstWrite = (calls: ReadonlyArray<SdkCall>): ReadonlyArray<SdkCall> =>
  calls.slice(calls.findIndex((call) => !/ (Describe|Get|List)/.test(call)))

const row = ([type, calls]: readonly [string, TypeCalls]): string => {
  const least: Partial<Record<Step, number>> = {
    create: leastCalls[type]?.create ?? 0,
    tags: 1,
    update: fromFirstWrite(calls.update ?? []).length,
  }
  const cells = steps.map((step) => {
    const made = calls[step]?.length
    const fewest = least[step] ?? made
    return made === undefined ? "-" : made === fewest ? `${made}` : `${made} (${fewest})`
  })
  return `| \`${type}\` | ${cells.join(" | ")} |`
}

const reason = ([type]: readonly [string, TypeCalls]): ReadonlyArray<string> => {
  const why = leastCalls[type]?.why
  return why === undefined ? [] : [`- \`${type}\`: ${why}.`]
}

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

- **identify**: which thing a create would make. A plan asks for it where a document names something new. The account number is asked for once for each target, here before any of these.
- **create**: until the resource is as wanted, with the polls.
- **tags**: an update that changes one tag and nothing else. Moto cannot tag a DSQL cluster.
- **update**: what the sample changes, without tags.

In brackets: the fewest calls that it could be, where it is more.

| resource type | ${steps.join(" | ")} |
|---|${steps.map(() => "--:|").join("")}
${[...counted].map(row).join("\n")}

Why there are more:

- A change of tags reads nothing, because the agent says what it has read just before. It does not read afterwards either: the service has accepted the tags, and may list the old ones for a while. S3 takes all tags at once, so those that formae and AWS hide are read first.
- Another update reads first only where it has to know what is there: of a role the policies and what IAM would reset, of a managed policy the document, of a security group the rules, of a function the settings; and of a parameter and of the policy of a bucket whether it is still there, because to write it would make it again.
- It reads afterwards, because the service may keep a value in another form than it was given; not the tags, where they are a call of their own.
- A create is described once, when all is done: the service may show it only after a while, and what refers to it needs it then. Where the service refuses to create a second one, the tags are those that were sent.
${[...counted].flatMap(reason).join("\n")}

Reads that go on side by side share their calls where the service can say several at once without failing for one that is missing: \`DescribeVpcs\`, \`DescribeSubnets\` and \`DescribeSecurityGroups\` (up to 200), \`DescribeParameters\` (50), \`GetParameters\` (10), and \`DescribeLogGroups\` (a page of 50 whose names begin as theirs do). No other call can:

- The attributes of VPCs, queues, topics, subscriptions, tables, functions, secrets, roles and buckets, and the tags of parameters, log groups, queues, topics and tables, are asked for one by one: their services have no call for several.
- The Resource Groups Tagging API lists the tags of several services at once, with a permission of its own. But AWS says that it also returns what was tagged before, and does not say how soon it shows a change; things that were deleted have been seen there twenty minutes later. A plan would say that there is nothing to do although somebody has just changed a tag, or change the tags again that the last apply has changed. So each service is asked, as CloudFormation does.
- \`ListSecrets\` and \`ListFunctions\` may not show what was just created, and \`GetAccountAuthorizationDetails\` has all roles of the account.
- \`DescribeLogGroups\` takes several identifiers too, but AWS does not say what it answers if one of them does not exist.

## The calls

${[...counted].map(section).join("\n\n")}
`
