/**
 * Puts the files that README.md quotes into it: each fenced block behind a line
 * `<!-- file: PATH -->`. With `--check` it changes nothing, and fails where the
 * README is not what the files are.
 */
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

const root = new URL("../", import.meta.url)
const readme = new URL("README.md", root)
const quoted = /(<!-- file: (\S+) -->\n```\w*\n)([\s\S]*?)(```\n)/g

const text = await readFile(readme, "utf8")
const files = new Map<string, string>()
for (const [, , path = ""] of text.matchAll(quoted)) files.set(path, await readFile(new URL(path, root), "utf8"))
const fresh = text.replaceAll(
  quoted,
  (_, head: string, path: string, _old: string, tail: string) => `${head}${files.get(path)}${tail}`,
)

if (!process.argv.includes("--check")) await writeFile(readme, fresh)
else if (fresh !== text) {
  process.stderr.write(`${fileURLToPath(readme)} does not quote its files as they are: run "node scripts/readme.ts"\n`)
  process.exitCode = 1
}
