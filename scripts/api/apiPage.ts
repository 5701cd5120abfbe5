/** The pages in docs/api/: each symbol that an entry point exports, with its signature and its docs. */
import type { EntryPoint, PublicMember, PublicSymbol } from "./PublicApi.ts"

/** What a page begins with. */
const introductions = {
  agent: "What a host application composes: the agent, its services and layers, and its errors.",
  control:
    "The agent that stays in another process, over its API (docs/api.md), as the service `Agent` of formae/agent.",
  plugin: "What a plugin is written with.",
  "plugin/seal": "The first import of a plugin whose other imports may print.",
  protocol: "The messages between agent and plugin, as schemas. It does no I/O.",
  testing: "The conformance kit for plugins, and what tests of hosts and plugins need.",
}

/** A schema that is declared as a class can be constructed, but has no instances. */
const reading =
  "The values of a schema are plain objects, even where the schema is declared as a class: `instanceof` is false for them, so use `Schema.is`."

/** The part of an entry point to which a symbol belongs: a folder or a file in its folder of src/. */
const partOf = ({ source }: PublicSymbol): string => {
  const [part = ""] = source.split("/").slice(2)
  return part.replace(/\.ts$/, "")
}

const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``)

/** A docstring as the continuation of a list item. */
const inItem = (text: string): string => text.replaceAll("\n", "\n  ")

const memberItem = (owner: PublicSymbol, { docs, isStatic, name, type }: PublicMember): string => {
  const called = isStatic ? `${owner.name}.${name}` : name
  return [`- **${called}**: ${code(type)}`, ...(docs.text === "" ? [] : [`  ${inItem(docs.text)}`])].join("\\\n")
}

/** The longest signature that is worth reading on a page, in characters. */
const maxSignature = 600

/** What has members shows them instead. */
const signatureBlock = ({ kind, members, signature }: PublicSymbol): ReadonlyArray<string> => {
  const lines = signature.split("\n").map((line) => line.replace(/;$/, ""))
  if (kind === "namespace" || kind === "service" || kind === "error" || members.length > 0) return []
  const shown = kind === "schema" ? lines.filter((line) => !line.startsWith("type ")) : lines
  const text = shown.map((line) => (/^(class|interface|type|function) /.test(line) ? line : `const ${line}`)).join("\n")
  return text.length > maxSignature ? [] : [["```ts", text, "```"].join("\n")]
}

const symbolEntry = (symbol: PublicSymbol): string =>
  [
    `### ${symbol.name}`,
    `_${symbol.kind}_, \`${symbol.source}\``,
    ...signatureBlock(symbol),
    ...(symbol.docs.text === "" ? [] : [symbol.docs.text]),
    ...symbol.docs.examples,
    ...(symbol.members.length === 0
      ? []
      : [
          symbol.members
            .filter((member) => !member.isPlain)
            .map((member) => memberItem(symbol, member))
            .join("\n"),
        ]),
  ].join("\n\n")

export const apiPage = (entry: EntryPoint): string => {
  const parts = Map.groupBy(
    entry.symbols.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    partOf,
  )
  const titles = [...parts.keys()].toSorted()
  const contents = titles.map((title) => {
    const names = (parts.get(title) ?? []).map(({ name }) => `\`${name}\``)
    return `- [${title}](#${title.toLowerCase()}): ${names.join(", ")}`
  })
  const sections = titles.map((title) =>
    [`## ${title}`, ...(parts.get(title) ?? []).map((symbol) => symbolEntry(symbol))].join("\n\n"),
  )
  return [
    `# formae/${entry.name}`,
    [introductions[entry.name], ...(entry.symbols.some(({ kind }) => kind === "schema") ? [reading] : [])].join(" "),
    contents.join("\n"),
    ...sections,
    "",
  ].join("\n\n")
}
