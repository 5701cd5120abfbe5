/** Where the bundles are that tests start, as a build makes them: from source each start would compile all of it again. */
import { chmodSync, mkdtempSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { join } from "node:path"

const variable = "FORMAE_TEST_BUNDLES"
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url))

/** A folder of its own for each run of the tests: what the workers start is not taken away by another run. */
export const claimFolder = (): { readonly folder: string; readonly isNew: boolean } => {
  const known = process.env[variable]
  if (known !== undefined) return { folder: known, isNew: false }
  const folder = mkdtempSync(join(modules, ".formae-bundles-"))
  // Some tests start the command as another user.
  chmodSync(folder, 0o755)
  process.env[variable] = folder
  // What these bundles compile goes with them.
  process.env["XDG_CACHE_HOME"] = mkdtempSync(join(folder, "caches-"))
  // What the command remembers of its user is not remembered of the one who runs the tests.
  process.env["XDG_STATE_HOME"] = join(folder, "user", "state")
  process.env["XDG_CONFIG_HOME"] = join(folder, "user", "config")
  process.env["XDG_DATA_HOME"] = join(folder, "user", "data")
  return { folder, isNew: true }
}

/** Empty outside a run of the tests. */
export const claimedFolder = process.env[variable] ?? ""

/** The folders of the other users that start the command, by their ids. */
export const usersFolder = join(claimedFolder, "users")
/** The command, `main.mjs` in it. */
export const commandFolder = join(claimedFolder, "cli")
/** The plugins that the command finds by itself. */
export const pluginsFolder = join(claimedFolder, "plugins")
/** The plugin of one file among the examples, alone. */
export const localFolder = join(claimedFolder, "local")
/** The plugin of the crash points alone. */
export const steppingFolder = join(claimedFolder, "stepping")
/** The plugin beside FakeAWS alone. */
export const twinFolder = join(claimedFolder, "twin")
/** The agent of the crash points, `main.mjs` in it. */
export const steppingAgentFolder = join(claimedFolder, "stepping-agent")
