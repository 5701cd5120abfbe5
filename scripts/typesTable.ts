/** The page docs/types.md: what each resource type of the plugins can do. */
import { plugin as aws } from "../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../plugins/azure/src/plugin.ts"
import { plugin as fakeAws } from "../plugins/fake-aws/src/plugin.ts"
import { propertiesTable } from "./propertiesTable.ts"

/** What keeps a repeated create from making a second resource. */
const idempotencyText = {
  name: "its name",
  token: "a token",
  tag: "a tag",
  none: "nothing",
}

/** What is not seen of a type although its table may suggest it, and why. */
const limits: Readonly<Record<string, string>> = {
  "AWS::Lambda::Function":
    "Lambda returns only the hash of its code. Code in text (`ZipFile`) has a hash that is known before, so a change made elsewhere is seen and put right. Code in a bucket has not: it is compared by `S3Bucket`, `S3Key` and `S3ObjectVersion` as they were last asked for, so a change of the object, or one made elsewhere, is not seen. Name a version, or give each build a key of its own.",
}

/** What a target of a namespace needs, and where its credentials come from. */
const reach: Readonly<Record<string, string>> = {
  AWS: "A target needs a region: `config: { region: eu-west-1 }`. `profile` names a profile in `~/.aws`, and `endpoint` is the URL of an emulator. Credentials are found as the AWS SDK finds them: in the variables `AWS_*`, by the profile, in the files in `~/.aws`, or from the role of the machine. The plugin sees no other variables of yours, except `HOME`, `PATH`, `NODE_EXTRA_CA_CERTS` and those for proxies.",
  Azure:
    'A target names a storage account, a Cosmos DB account, or both: `config: { account: myaccount, cosmosEndpoint: "https://mine.documents.azure.com/" }`. Credentials are found as Azure\'s own tools find them: in the variables `AZURE_*`, from a managed identity, or by the login of `az`. In their place, `connectionString` and `cosmosKey` can be given, as [secrets](documents.md#values-of-other-resources-and-secrets). The plugin sees no other variables of yours, except those of managed identities, `HOME`, `PATH`, `NODE_EXTRA_CA_CERTS` and those for proxies.',
  FakeAWS:
    "A target needs the SQLite file that is the cloud, and a region for its ARNs: `config: { cloud: ./cloud.db, region: eu-west-1 }`. `settleMillis` is how long a create takes, 20 ms by default.",
}

const limitOf = (type: string): ReadonlyArray<string> => {
  const limit = limits[type]
  return limit === undefined ? [] : ["", limit]
}

const yes = (can: boolean): string => (can ? "yes" : "no")

const sectionOf = ({ name, namespace, types }: typeof aws | typeof azure | typeof fakeAws): string => {
  const rows = [...types.values()].map(
    ({ capabilities: { idempotency, listable, recoverable, type }, update }) =>
      `| \`${type}\` | ${idempotencyText[idempotency]} | ${yes(recoverable)} | ${yes(update !== undefined)} | ${yes(listable)} |`,
  )
  return [
    `## ${namespace} (plugins/${name})`,
    "",
    reach[namespace] ?? "",
    "",
    "| resource type | a create is safe to repeat by | can be asked after a crash | changed in place | listed |",
    "|---|---|---|---|---|",
    ...rows,
    ...[...types.values()].flatMap(({ capabilities }) => [
      "",
      propertiesTable(capabilities),
      ...limitOf(capabilities.type),
    ]),
  ].join("\n")
}

export const typesPage = `# The resource types

For each provider, this page says what a target needs and where credentials come from, and then lists its resource types. [fidelity.md](fidelity.md) says on which emulators each property was tried, and what those cannot show.

* **A create is safe to repeat by**: if the answer to a create is lost, the create is sent again; this is what keeps it from making a second resource. If it is nothing, the create is not sent again, and its operation is reported as \`NeedsAttention\`.
* **Can be asked after a crash**: whether the plugin can find out what became of a create before it is sent again.
* **Changed in place**: whether any property can be changed without replacing the resource.

Then each type has a table of its properties, and of the places inside them that something is special about; \`*\` stands for every item or key.

* **Create-only**: a change replaces the resource.
* **Write-only**: never returned by a read, so a change made elsewhere is not seen.
* **Secret**: kept as a seal in the state, and printed nowhere. Unless the table says that it is compared, it is treated as write-only.
* **Default**: what the provider uses if nothing is given. Leaving the property out is the same as giving this value.
* **Canonical form**: when two values are the same to the provider. *Exact* is an object whose keys are the user's own: a key that was added elsewhere is taken out again. All other objects are compared by what was asked for.

${[aws, azure, fakeAws].map(sectionOf).join("\n\n")}

Each of the examples serves a few types: \`Local::Disk::TextFile\` ([examples/plugins/local](../examples/plugins/local)), \`Ledger::Books::Account\` and \`Transfer\` ([in Python](../examples/plugins/python)), \`Board::Wall::Note\` and \`Poster\` (\`plugins/effect-3\` in the repository, on Effect 3).
`

/** A module of the command: the names of the types, which it can complete without starting a plugin. */
export const shippedTypesModule = [
  "/** The resource types of the plugins that come with formae. Made by `npm run readme`. */",
  "export const shippedTypes: ReadonlyArray<string> = [",
  ...[aws, azure, fakeAws].flatMap(({ types }) => [...types.keys()].map((type) => `  "${type}",`)),
  "]",
  "",
].join("\n")
