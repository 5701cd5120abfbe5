/**
 * `npm run readme`: writes what is made from other files. README.md,
 * docs/embedding.md, docs/documents.md, docs/writing-plugins.md and docs/testing.md get the files that they quote, each in the code block after a
 * line `<!-- file: PATH -->`, docs/types.md and src/cli/completion/shippedTypes.ts get the resource types of the plugins,
 * docs/configuration.md all settings, docs/observability.md all metrics, docs/plugins.md the traits of properties, docs/kit.md the checks of the
 * conformance kit, and docs/api/ a page for each entry point of the package.
 * With `--check` it writes nothing, and ends with 1 if a page is out of date.
 */
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { apiPage } from "./api/apiPage.ts"
import { withDeclarations } from "./api/Declarations.ts"
import { fieldDocsOf } from "./api/fieldDocs.ts"
import { publicApiOf } from "./api/PublicApi.ts"
import { configurationPage } from "./configurationPage.ts"
import { kitPage } from "./kitPage.ts"
import { withMetrics } from "./metricsTable.ts"
import { pluginsPage } from "./pluginsPage.ts"
import { shippedTypesModule, typesPage } from "./typesTable.ts"

const root = new URL("../", import.meta.url)
const quotation = /(<!-- file: (\S+) -->\n```\w*\n)([\s\S]*?)(```\n)/g

/** The text with each quotation as its file is now. */
const withQuotations = async (text: string): Promise<string> => {
  const files = new Map<string, string>()
  for (const [, , path = ""] of text.matchAll(quotation)) files.set(path, await readFile(new URL(path, root), "utf8"))
  return text.replaceAll(
    quotation,
    (_, head: string, path: string, _old: string, tail: string) => `${head}${files.get(path)}${tail}`,
  )
}

const { entries, page: configuration } = withDeclarations((declarations) => ({
  entries: publicApiOf(declarations),
  page: configurationPage(fieldDocsOf(declarations)),
}))

const pages: ReadonlyArray<readonly [path: string, fresh: (text: string) => string | Promise<string>]> = [
  ["README.md", withQuotations],
  ["docs/embedding.md", withQuotations],
  ["docs/writing-plugins.md", withQuotations],
  ["docs/testing.md", withQuotations],
  ["docs/documents.md", withQuotations],
  ["docs/types.md", () => typesPage],
  ["src/cli/completion/shippedTypes.ts", () => shippedTypesModule],
  ["docs/kit.md", () => kitPage],
  ["docs/configuration.md", () => configuration],
  ["docs/observability.md", withMetrics],
  ["docs/plugins.md", () => withQuotations(pluginsPage(entries))],
  ...entries.map((entry) => [`docs/api/${entry.name.replace("/", "-")}.md`, () => apiPage(entry)] as const),
]

for (const [path, fresh] of pages) {
  const page = new URL(path, root)
  // A page that does not exist yet counts as empty.
  const text = await readFile(page, "utf8").catch(() => "")
  const updated = await fresh(text)
  if (!process.argv.includes("--check")) await writeFile(page, updated)
  else if (updated !== text) {
    process.stderr.write(`${fileURLToPath(page)} is out of date: run "npm run readme"\n`)
    process.exitCode = 1
  }
}
