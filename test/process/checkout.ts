/** A copy of the checkout, because a build writes dist/, which other tests may be reading. */
import * as fs from "node:fs/promises"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../..", import.meta.url))

const notCopied: ReadonlySet<string> = new Set(["node_modules", "dist", ".git", ".formae"])

export const copyCheckout = async (checkout: string): Promise<void> => {
  await fs.cp(root, checkout, { recursive: true, filter: (source) => !notCopied.has(basename(source)) })
  const modules = join(checkout, "node_modules")
  await fs.mkdir(modules)
  const names = await fs.readdir(join(root, "node_modules"))
  const target = (name: string) => (name === "formae" ? ".." : join(root, "node_modules", name))
  await Promise.all(names.map((name) => fs.symlink(target(name), join(modules, name))))
}
