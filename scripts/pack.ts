/**
 * `npm run pack`: builds, and packs all packages into the folder `packages`, or
 * the one that is named. The last line on stdout says what was packed, as JSON.
 */
import { spawnSync } from "node:child_process"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { packPackages } from "./release/packPackages.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const build = fileURLToPath(new URL("build.ts", import.meta.url))

const { status } = spawnSync(process.execPath, [build], { cwd: root, stdio: ["ignore", 2, 2] })
if (status === 0) {
  const packed = await packPackages(root, resolve(process.argv[2] ?? "packages"))
  process.stdout.write(`${JSON.stringify(packed)}\n`)
} else {
  process.exitCode = 1
}
