/**
 * `npm run release`: builds, packs and checks all packages, and writes the
 * change log. It publishes them with `--publish`, and with nothing else. With
 * `--dry-run` it changes nothing outside of the folder of the packages, which
 * `--out DIR` names. `--packed` takes what is in that folder instead of building.
 */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { sectionOf, withSection } from "./release/changeLog.ts"
import { checkPackages } from "./release/checkPackages.ts"
import { packedFile, type Packed } from "./release/packPackages.ts"
import { readCommits } from "./release/readCommits.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const { values: flags } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    publish: { type: "boolean", default: false },
    packed: { type: "boolean", default: false },
    out: { type: "string", default: "packages" },
  },
})
const out = resolve(flags.out)

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const pack = (): ReadonlyArray<Packed> => {
  if (!flags.packed) {
    const program = fileURLToPath(new URL("pack.ts", import.meta.url))
    execFileSync(process.execPath, [program, out], { cwd: root, stdio: ["ignore", "ignore", "inherit"] })
  }
  return JSON.parse(readFileSync(join(out, packedFile), "utf8"))
}

const { repository, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const writeChangeLog = async (): Promise<void> => {
  const found = await readCommits(root, version)
  if (found === undefined) return say("There is no history here, so there is no change log.")
  const kept = join(root, "CHANGELOG.md")
  const log = existsSync(kept) ? readFileSync(kept, "utf8") : ""
  const section = sectionOf(version, new Date().toISOString().slice(0, 10), found.commits)
  const file = flags["dry-run"] ? join(out, "CHANGELOG.md") : kept
  writeFileSync(file, withSection(log, version, section))
  say(`${file} has ${version}: the commits since ${found.since}`)
}

const publish = (packed: ReadonlyArray<Packed>): void => {
  for (const { name, tarball } of packed) {
    execFileSync("npm", ["publish", tarball, "--access", "public"], { cwd: out, stdio: "inherit" })
    say(`${name} ${version} is published`)
  }
}

if (flags.publish && flags["dry-run"]) throw new Error("Give --publish or --dry-run, not both")
// Before the packages are made, which have it.
if (!flags["dry-run"]) await writeChangeLog()
const packed = pack()
if (flags["dry-run"]) await writeChangeLog()
for (const { files, name, size, unpackedSize } of packed) {
  const [kilobytes, megabytes] = [(size / 1000).toFixed(0), (unpackedSize / 1_000_000).toFixed(1)]
  say(`${name} ${version}: ${kilobytes} kB packed, ${megabytes} MB installed, ${files.length} files`)
}
const missing = "package.json names no repository, so the links of README.md lead nowhere on the page of a registry"
const isHomeless = repository === undefined
const objections = flags.publish && isHomeless ? [missing] : await checkPackages(root, packed)
if (objections.length > 0) {
  process.stderr.write(`${objections.join("\n")}\nNothing was published.\n`)
  process.exitCode = 1
} else if (flags.publish) {
  publish(packed)
} else {
  if (isHomeless) say(`Before it can be published: ${missing}`)
  say("All checks have passed. Nothing was published: npm run release -- --publish does that.")
}
