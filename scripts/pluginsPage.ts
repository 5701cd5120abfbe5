/** The page docs/plugins.md: how a plugin says when two values are the same, and which thing a resource is. */
import type { EntryPoint, PublicSymbol } from "./api/PublicApi.ts"

/** What the plugin's entry point exports in `Property`, apart from the functions that read traits. */
const readers: ReadonlySet<string> = new Set(["declaredTraits", "identityOf", "secretsOf"])

const nameOf = ({ name }: PublicSymbol): string => name.replace("Property.", "")

const inCell = (text: string): string => text.replaceAll("\n", " ").replaceAll("|", "\\|")

const traitsTable = (symbols: ReadonlyArray<PublicSymbol>): string => {
  const traits = symbols.filter(
    (symbol) => symbol.name.startsWith("Property.") && symbol.kind === "function" && !readers.has(nameOf(symbol)),
  )
  return [
    "| trait | means |",
    "|---|---|",
    ...traits.map((symbol) => `| \`Property.${nameOf(symbol)}\` | ${inCell(symbol.docs.text)} |`),
  ].join("\n")
}

/** The docs of handlers of a resource type, as they are in the source. */
const handlers = (symbols: ReadonlyArray<PublicSymbol>, names: ReadonlyArray<string>): string =>
  names
    .map((name) => {
      const members = symbols.find((symbol) => symbol.name === "ResourceSpec")?.members ?? []
      const found = members.find((member) => member.name === name)
      if (found === undefined) throw new Error(`ResourceSpec has no ${name}`)
      return `* **\`${name}\`**: ${inCell(found.docs.text)}`
    })
    .join("\n")

export const pluginsPage = (entries: ReadonlyArray<EntryPoint>): string => {
  const symbols = entries.find(({ name }) => name === "plugin")?.symbols ?? []
  return `# Sameness and identity in a plugin

\`npm run readme\` makes this page from the docs in the source.

The agent compares what a document asks for with what the provider has. The provider decides when two values are the same, so the plugin has to say it: by **traits**, which are written where a property is declared, at any depth. A trait that is missing shows as an update that comes back with each apply, or as a change made elsewhere that nobody sees. The agent gets the traits in the handshake as \`paths\`, which [PROTOCOL.md](../PROTOCOL.md) describes for plugins without the SDK.

${traitsTable(symbols)}

A type of AWS with some of them:

<!-- file: plugins/aws/src/types/Ec2Subnet.ts -->
\`\`\`ts
\`\`\`

## What traits cannot say

Two members of a resource type, both optional:

${handlers(symbols, ["canonical", "identify"])}

\`formae plugin test\` checks both: that a second apply changes nothing, that the form of a form is the form itself, that the place stays the same, and that a stated native id is the one of the create. \`formae types --typescript\` writes the traits of a property into its comment.
`
}
