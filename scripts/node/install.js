// `npm ci` runs this ("prepare"). If the Node that it runs on will not do, a
// Node is installed beside this file, and put where npm looks first.
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { dirname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { chooseNode } from "./chooseNode.js"

const here = dirname(fileURLToPath(import.meta.url))
const commands = join(here, "..", "..", "node_modules", ".bin")
const { arch, execPath, platform } = process
const version = process.versions.node

const choice = chooseNode({ version, platform, arch })

const runs = (program) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0

/** The file of the program, or undefined if it cannot be installed or does not run, as one for glibc on musl. */
const install = ({ name, program }) => {
  // The versions and their sums are those of package-lock.json.
  const flags = ["--prefix", here, "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
  spawnSync(execPath, [process.env.npm_execpath, "ci", ...flags], { stdio: "inherit" })
  const file = join(here, "node_modules", name, "bin", program)
  return runs(file) ? file : undefined
}

const link = (file, program) => {
  const place = join(commands, program)
  fs.mkdirSync(commands, { recursive: true })
  fs.rmSync(place, { force: true })
  // On Windows, not every user may make a link.
  if (platform === "win32") fs.copyFileSync(file, place)
  else fs.symlinkSync(relative(commands, file), place)
}

if (choice._tag !== "this") {
  const file = choice._tag === "package" ? install(choice) : undefined
  if (file === undefined) {
    process.stderr.write(
      `formae needs Node 22.19 or later, but not 23. This is Node ${version}, and npm has no other that runs here (${platform}, ${arch}): install Node 24 and run npm ci again.\n`,
    )
    process.exitCode = 1
  } else {
    link(file, choice.program)
    process.stdout.write(`This is Node ${version}. The scripts of this repository run on ${file}.\n`)
  }
}
