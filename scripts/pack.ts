/**
 * `npm run pack`: builds, and packs all packages into the folder `packages`, or
 * the one that is named. Says which files to install; with `--json`, the last
 * line on stdout says what was packed.
 */
import { spawnSync } from "node:child_process"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { packPackages } from "./release/packPackages.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const build = fileURLToPath(new URL("build.ts", import.meta.url))

const {
  positionals: [folder = "packages"],
  values: { json = false },
} = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } })

const { status } = spawnSync(process.execPath, [build], { cwd: root, stdio: ["ignore", 2, 2] })
if (status === 0) {
  const packed = await packPackages(root, resolve(folder))
  const lines = packed.map(({ size, tarball }) => `${tarball}  ${(size / 1e6).toFixed(1)} MB`)
  process.stdout.write(json ? `${JSON.stringify(packed)}\n` : `\nPacked. npm install takes:\n${lines.join("\n")}\n`)
} else {
  process.exitCode = 1
}
