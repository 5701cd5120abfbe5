/** The registry from which some tests install packages. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { claimedFolder } from "../bundles/folders.ts"
import { needs } from "../needs.ts"
import { npm, root } from "./npm.ts"

const answers = (): Promise<boolean> =>
  npm(root, "view", "effect", "version", "--fetch-retries=0", "--fetch-timeout=10000").then(
    () => true,
    () => false,
  )

/** npm takes seconds to ask, and to find nobody: the first file of a run that needs to know writes it down. */
const known = join(claimedFolder, "registry-answers")

const find = async (): Promise<boolean> => {
  if (existsSync(known)) return readFileSync(known, "utf8") === "true"
  const found = await answers()
  writeFileSync(known, String(found))
  return found
}

export const hasRegistry = await find()

export const needsRegistry = needs("an npm registry", hasRegistry)
