import { copyFile, mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { bundleCommand, bundlePlugin } from "../../bundle.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** Lays out what the npm package has of the command and of its plugin, in the folder `target`. The result is the file to run. */
export const packageCommand = async (target: string): Promise<string> => {
  const command = join(target, "bin", "formae.js")
  await mkdir(join(target, "bin"), { recursive: true })
  await copyFile(join(root, "bin", "formae.js"), command)
  await writeFile(join(target, "package.json"), JSON.stringify({ name: "formae", type: "module" }))
  await bundleCommand(join(target, "dist", "cli"), root)
  await bundlePlugin(join(root, "plugins", "fake-aws"), join(target, "dist", "plugins", "fake-aws"), root)
  return command
}
