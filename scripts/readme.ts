/**
 * Writes what is made of other files: into README.md the files that it quotes,
 * each in the fenced block behind a line `<!-- file: PATH -->`, and the page of
 * resource types. With `--check` it changes nothing, and fails where something
 * is not as it should be.
 */
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { typesPage } from "./typesTable.ts"

const root = new URL("../", import.meta.url)
const quoted = /(<!-- file: (\S+) -->\n```\w*\n)([\s\S]*?)(```\n)/g

const quoting = async (text: string): Promise<string> => {
  const files = new Map<string, string>()
  for (const [, , path = ""] of text.matchAll(quoted)) files.set(path, await readFile(new URL(path, root), "utf8"))
  return text.replaceAll(
    quoted,
    (_, head: string, path: string, _old: string, tail: string) => `${head}${files.get(path)}${tail}`,
  )
}

const pages: ReadonlyArray<readonly [path: string, fresh: (text: string) => string | Promise<string>]> = [
  ["README.md", quoting],
  ["docs/types.md", () => typesPage],
]

for (const [path, fresh] of pages) {
  const page = new URL(path, root)
  // One that is not there yet is an empty one.
  const text = await readFile(page, "utf8").catch(() => "")
  const wanted = await fresh(text)
  if (!process.argv.includes("--check")) await writeFile(page, wanted)
  else if (wanted !== text) {
    process.stderr.write(`${fileURLToPath(page)} is not what it is made of: run "npm run readme"\n`)
    process.exitCode = 1
  }
}
