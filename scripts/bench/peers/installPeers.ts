import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

const folder = fileURLToPath(new URL(".", import.meta.url))
const tinypool = new URL("node_modules/tinypool", import.meta.url)

/** Installs the peers' packages if they are missing. False if that fails, as where no registry answers. */
export const installPeers = async (): Promise<boolean> => {
  if (existsSync(tinypool)) return true
  try {
    await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder })
    return true
  } catch {
    return false
  }
}
