/** docs/configuration.md: every setting, with its variable, its default and what its comment says. */
import { anyName, type ConfigurationField, configurationFields } from "../src/agent/configuration/ConfigurationField.ts"
import { type Reach, reachOf } from "../src/agent/configuration/configurationChanges.ts"
import { variableOf } from "../src/agent/configuration/variableOf.ts"
import type { FieldDocs } from "./api/fieldDocs.ts"

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")

/** What can be written, in words. */
const kindOf = ({ schema: { ast } }: ConfigurationField): string => {
  switch (ast._tag) {
    case "Arrays":
      return "list"
    case "Objects":
      return "object"
    case "Union":
      return ast.types.map((one) => (one._tag === "Literal" ? code(String(one.literal)) : one._tag)).join(", ")
    default:
      return ast._tag === "String" ? "text" : ast._tag.toLowerCase()
  }
}

const isForOne = ({ path }: ConfigurationField): boolean => path.includes(anyName)

/** What is the same for one plugin as for all is not written twice. */
const isRepeated = ({ path }: ConfigurationField): boolean =>
  isForOne({ path } as ConfigurationField) && (path[2] === "operator" || path[2] === "supervision")

/** Where the comment is: the schema of the configuration makes each field of these optional, and keeps no comment. */
const commentOf = ({ path }: ConfigurationField): readonly [root: string, path: ReadonlyArray<string>] => {
  switch (path[0]) {
    case "operator":
      return ["OperatorSettings", path.slice(1)]
    case "supervision":
      return ["SupervisionSettings", path.slice(1)]
    case "plugin":
      return ["PluginConfiguration", path.slice(2)]
    default:
      return ["AgentConfiguration", path]
  }
}

/** Where a change takes effect, in words. */
const reachText: Readonly<Record<Reach, string>> = {
  Operators: "from the next operation",
  Launch: "from the next launch",
  Use: "at once",
  Discovery: "from the next discovery",
  Command: "from the next command",
  Agent: "in a new agent",
}

const rowOf = (docs: FieldDocs) => (field: ConfigurationField) => {
  const [root, path] = commentOf(field)
  const text = docs(root, path)
  const fallback = field.default === undefined ? "" : code(JSON.stringify(field.default))
  return `| ${code(field.path.join("."))} | ${kindOf(field)} | ${fallback} | ${reachText[reachOf(field.path)]} | ${cell(text)} |`
}

const table = (rows: ReadonlyArray<string>): string =>
  ["| setting | value | default | takes effect | |", "|---|---|---|---|---|", ...rows].join("\n")

const sectionOf = (title: string, intro: string, fields: ReadonlyArray<ConfigurationField>, docs: FieldDocs): string =>
  `## ${title}\n\n${intro}\n\n${table(fields.map(rowOf(docs)))}`

export const configurationPage = (docs: FieldDocs): string => {
  const fields = configurationFields()
  const inSection = (key: string) => fields.filter(({ path }) => path[0] === key && path.length > 1)
  const top = fields.filter(({ path }) => path.length === 1)
  return `<!-- Written by \`npm run readme\`. Do not edit. -->
# The configuration

A configuration file is YAML or JSON. Everything in it is optional, down to each single number:

\`\`\`yaml
state: ./state.db
plugins: [./plugins] # or onlyPlugins
operator: { retry: { maxRetries: 3 }, poll: { capMillis: 2000 }, callTimeoutMillis: 30000, logLevel: Debug }
supervision: { restart: { baseMillis: 500 }, health: { stalledMillis: 60000 } }
drift: { policy: ask, everyMillis: 3600000 }
plugin:
  aws: # for this plugin only
    version: ^0.2.0
    operator: { rateLimit: { perSecond: 10, burst: 20, targets: [{ where: { region: eu-west-1 }, perSecond: 5, burst: 5 }] } }
    supervision: { limits: { residentMiB: 512 } }
    environment: { AWS_PROFILE: { env: TEAM_PROFILE } } # or the value itself
    settings: { tags: { prefix: "acme:" } } # for the plugin itself
    discover: { types: [AWS::EC2, AWS::S3::Bucket], query: { team: web }, filters: [{ Name: "default*" }] }
\`\`\`

**Which file.** The one that \`--config\` names, or else the nearest \`formae.config.yaml\`, \`formae.config.yml\` or \`formae.config.json\`, in the current folder or above it. The search does not go as far as your home folder, nor into another file system. Two of them in one folder are refused. Paths in a file are relative to its folder. The folder \`.formae\`, which has the state, is looked for in the same way, but not above the configuration file. If there is none, it is made beside the configuration file, or else in the current folder.

**Which value counts.** A flag counts before an environment variable, a variable before the file, and the file before the default. This is decided for each value on its own. What is set for one plugin counts before what is set for all.

**Variables.** The variable of a setting is \`${variableOf([])}\` and the words of its path in capitals, with \`_\` between them: \`operator.retry.maxRetries\` is \`${variableOf(["operator", "retry", "maxRetries"])}\`, \`supervision.limits.heapMiB\` is \`${variableOf(["supervision", "limits", "heapMiB"])}\`, and \`plugin.fake-aws.version\` is \`${variableOf(["plugin", "fake-aws", "version"])}\`. A list of folders is written like \`PATH\`; any other list, and an object, is written as JSON. An empty variable counts as not set. Some things have a variable and no setting: the folders that you [trust](trust.md) (\`FORMAE_TRUST\`), the values of [parameters](documents.md#parameters) (\`FORMAE_PARAMETER_NAME\`), where [traces, metrics and logs](observability.md) go (\`OTEL_…\`), the password and the key of [a state on Postgres](state.md) (\`PGPASSWORD\`, \`PGPASSFILE\`, \`FORMAE_STATE_KEY_FILE\`, \`FORMAE_STATE_KEY\`), the times of [a cluster](several-hosts.md) (\`FORMAE_CLUSTER_TIMES\`) and [an agent on another machine](agent.md) (\`FORMAE_AGENT\`, \`FORMAE_AGENT_CA\`, \`FORMAE_AGENT_TOKEN\`, \`FORMAE_AGENT_TOKEN_FILE\`).

**A file that somebody else wrote.** A file that was found, and not named, is used only after you have said yes to it and to the plugins and the state that it names. If it changes, you are asked again. Without a terminal, the command ends with exit code 2 and says what to type (\`formae trust DIR\`, \`--trust DIR\`, or \`FORMAE_TRUST\` in CI).

**What is in effect.** \`formae config\` prints each setting that is in effect, and where it comes from: a flag, a variable, a line of the file, or the default. The \`settings\` and the \`environment\` of plugins may hold secrets, so their values are not printed. \`formae config validate FILE\` checks a file. A mistake is reported with its place, and with what you probably meant: \`formae.config.yaml:3:5 operator.retry.maxRetires: there is no such field; did you mean maxRetries?\`

**While an agent runs.** A command reads the configuration when it starts. An agent that stays reads its file again when the file changes, and on SIGHUP. The tables say when a new value takes effect:

* *from the next launch*: the plugin is restarted as soon as it has no call under way. If the new launch does not start, the old one goes on.
* *in a new agent*: the agent cannot change it while it runs. It then changes nothing at all, and its log says so: stop the agent and start it again.

All times are in milliseconds.

${sectionOf("State and plugins", "Where the state is, and where plugins are looked for.", top, docs)}

${sectionOf("operator", "How plugins retry, poll and log. A rate limit is for each place that a plugin knows, such as an account and a region of AWS, and the runners of a cluster share it ([docs/several-hosts.md](several-hosts.md#on-several-machines)).", inSection("operator"), docs)}

${sectionOf("supervision", "How plugins are started, watched, restarted and stopped.", inSection("supervision"), docs)}

${sectionOf("agent", "For an agent that stays, which is `formae agent`, and for commands that run on it.", inSection("agent"), docs)}

${sectionOf("drift", "What is done about [drift](documents.md#drift).", inSection("drift"), docs)}

${sectionOf(
  `plugin.${anyName}`,
  `For one plugin, by its name in the list of \`formae plugins\`. It can also have each setting of \`operator\` and \`supervision\`, such as \`plugin.aws.operator.retry.maxRetries\`.`,
  inSection("plugin").filter((field) => !isRepeated(field)),
  docs,
)}
`
}
