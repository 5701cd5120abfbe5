/** docs/types.md: what each resource type of the plugins can do, from the plugins themselves. */
import { plugin as aws } from "../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../plugins/azure/src/plugin.ts"
import { plugin as fakeAws } from "../plugins/fake-aws/src/plugin.ts"

/** Why a create that is sent twice makes one resource. */
const harmless = {
  name: "its name",
  token: "a token",
  tag: "a tag",
  none: "nothing",
}

const yes = (can: boolean): string => (can ? "yes" : "no")

const sectionOf = ({ name, namespace, types }: typeof aws | typeof azure | typeof fakeAws): string => {
  const rows = [...types.values()].map(
    ({ capabilities: { idempotency, listable, recoverable, type }, update }) =>
      `| \`${type}\` | ${harmless[idempotency]} | ${yes(recoverable)} | ${yes(update !== undefined)} | ${yes(listable)} |`,
  )
  return [
    `## ${namespace} (plugins/${name})`,
    "",
    "| resource type | one of a repeated create, by | can be asked after a crash | changed in place | listed |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n")
}

export const typesPage = `# The resource types

Made by \`npm run readme\` from the plugins of this repository.

* **One of a repeated create, by**: what makes it harmless to send a create again whose answer was lost. By nothing: such a create is not sent again, and what is not known is told as \`NeedsAttention\`.
* **Can be asked after a crash**: whether the plugin finds out what became of a create, before any is sent again.
* **Changed in place**: whether any property can be changed without replacing the resource.

${[aws, azure, fakeAws].map(sectionOf).join("\n\n")}

The examples serve few types each: \`Local::Disk::TextFile\` ([examples/plugins/local](../examples/plugins/local)), \`Ledger::Books::Account\` and \`Transfer\` ([in Python](../examples/plugins/python)), \`Board::Wall::Note\` and \`Poster\` ([on Effect 3](../plugins/effect-3)).
`
