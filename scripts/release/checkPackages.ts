/** Checks the packages that were packed, by what is known of them here and by the usual tools. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { linkObjections } from "./links.ts"
import { contentObjections, dependencyObjections, versionObjections } from "./objections.ts"
import type { Packed } from "./packPackages.ts"
import { type ReleasedPackage, releasedPackages } from "./releasedPackages.ts"

const run = promisify(execFile)

const tools = fileURLToPath(new URL("tools/", import.meta.url))

/** publint looks at what package.json says, attw at the types as each resolution finds them. */
const commands: ReadonlyArray<readonly [string, (tarball: string) => ReadonlyArray<string>]> = [
  ["publint", (tarball) => [tarball, "--strict"]],
  ["attw", (tarball) => [tarball, "--profile", "esm-only", "--format", "ascii", "--no-color"]],
]

const installTools = async (): Promise<void> => {
  if (existsSync(join(tools, "node_modules"))) return
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: tools })
}

const toolObjections = async ({ tarball }: Packed): Promise<ReadonlyArray<string>> => {
  const found = await Promise.all(
    commands.map(([name, args]) =>
      run(join(tools, "node_modules", ".bin", name), [...args(tarball)]).then(
        () => [],
        ({ stderr, stdout }) => [`${name}: ${`${stdout}${stderr}`.trim()}`],
      ),
    ),
  )
  return found.flat()
}

const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8"))

const linksOf = async ({ files, folder }: Packed): Promise<ReadonlyArray<string>> => {
  const paths = files.map(({ path }) => path)
  const pages = paths.filter((path) => path.endsWith(".md") && !path.startsWith("dist/"))
  const texts = await Promise.all(pages.map((page) => readFile(join(folder, page), "utf8")))
  return pages.flatMap((page, index) => linkObjections(page, texts[index] ?? "", paths))
}

const versionsIn = async ({ files, folder, version }: Packed) => {
  const manifests = files.map(({ path }) => path).filter((path) => /^dist\/(.*\/)?formae-plugin\.json$/.test(path))
  const read = manifests.map(async (place) => ({ place, version: (await readJson(join(folder, place))).version }))
  return [{ place: "package.json", version }, ...(await Promise.all(read))]
}

const readPackage = (packed: ReadonlyArray<Packed>, name: string): Packed => {
  const found = packed.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} was not packed`)
  return found
}

/**
 * What is wrong with each package, as sentences that begin with its name. The
 * tools, which take longer, are asked only if nothing is.
 */
export const checkPackages = async (root: string, packed: ReadonlyArray<Packed>): Promise<ReadonlyArray<string>> => {
  const { version } = await readJson(join(root, "package.json"))
  const { packages } = await readJson(join(root, "package-lock.json"))
  const checkAll = async (
    check: (one: Packed, released: ReleasedPackage) => Promise<ReadonlyArray<string>>,
  ): Promise<ReadonlyArray<string>> => {
    const found = await Promise.all(
      releasedPackages.map(async (released) => {
        const objections = await check(readPackage(packed, released.name), released)
        return objections.map((objection) => `${released.name}: ${objection}`)
      }),
    )
    return found.flat()
  }
  const own = await checkAll(async (one, released) => [
    ...contentObjections(one, released),
    ...versionObjections(version, await versionsIn(one)),
    ...dependencyObjections(packages, released.folder === "." ? "" : released.folder),
    ...(await linksOf(one)),
  ])
  if (own.length > 0) return own
  await installTools()
  return checkAll(toolObjections)
}
