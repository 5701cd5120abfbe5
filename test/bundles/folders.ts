/** The folders of the bundles that tests start, made as a build makes them. Started from source, each process would compile everything again. */
import { chmodSync, mkdtempSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { join } from "node:path"

const variable = "FORMAE_TEST_BUNDLES"
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url))

/** Each run of the tests has a folder of its own, so that no run deletes what the workers of another one start. */
export const claimFolder = (): { readonly folder: string; readonly isNew: boolean } => {
  const known = process.env[variable]
  if (known !== undefined) return { folder: known, isNew: false }
  const folder = mkdtempSync(join(modules, ".formae-bundles-"))
  // Some tests start the command as another user.
  chmodSync(folder, 0o755)
  process.env[variable] = folder
  return { folder, isNew: true }
}

const folder = process.env[variable] ?? ""

/** The command: its `main.mjs`. */
export const commandFolder = join(folder, "cli")
/** The plugins that the command finds next to itself. */
export const pluginsFolder = join(folder, "plugins")
/** Only the plugin with crash points. */
export const steppingFolder = join(folder, "stepping")
/** The agent with crash points: its `main.mjs`. */
export const steppingAgentFolder = join(folder, "stepping-agent")
