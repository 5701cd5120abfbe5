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

[fidelity.md](fidelity.md) says on which emulators the properties were tried, one by one, and what those cannot show.

* **A create is safe to repeat by**: what keeps a create that is sent again, because its answer was lost, from making a second resource. If it is nothing, the create is not sent again, and its operation is reported as \`NeedsAttention\`.
* **Can be asked after a crash**: whether the plugin can find out what became of a create before it is sent again.
* **Changed in place**: whether any property can be changed without replacing the resource.

Then, for each type, its properties, and the places inside them of which there is something to say; \`*\` stands for every item or key.

* **Create-only**: a change replaces the resource.
* **Write-only**: never returned by a read, so a change made elsewhere is not seen.
* **Secret**: kept as a seal in the state, and printed nowhere. Unless the table says that it is compared, it is treated as write-only.
* **Default**: what the provider takes where nothing is given. Leaving the property out is the same as giving this value.
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
