/** The resource types of a plugin as TypeScript types, for programs that declare resources in code. */
import { execFile } from "node:child_process"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

const options = [
  "--declaration",
  "--module",
  "nodenext",
  "--target",
  "es2024",
  "--strict",
  "--skipLibCheck",
  "--types",
  "",
]

/** Asks the bundled plugin in `directory` for its types, and writes `resources.js` and `resources.d.ts` beside it. */
export const writeResourceTypes = async (directory: string, root: string): Promise<void> => {
  const source = join(directory, "resources.ts")
  const command = join(root, "dist", "cli", "main.mjs")
  await run(process.execPath, [command, "types", "--typescript", "--only-plugins", directory, "--out", source])
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc")
  await run(process.execPath, [tsc, "--ignoreConfig", ...options, source], { cwd: root }).catch((cause) => {
    throw new Error(`${source} does not compile:\n${cause.stdout}`, { cause })
  })
  await rm(source)
}
