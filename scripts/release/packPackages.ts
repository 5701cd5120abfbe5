/** Packs the packages as they are published, each from a folder that holds what npm would take of it. */
import { execFile } from "node:child_process"
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { withAbsoluteLinks } from "./links.ts"
import { publishedManifest } from "./publishedManifest.ts"
import { releasedPackages, type ReleasedPackage } from "./releasedPackages.ts"

const run = promisify(execFile)

interface PackedFile {
  readonly path: string
  readonly size: number
}

/** What npm says of a package that it has packed. */
export interface Packed {
  readonly name: string
  readonly version: string
  /** The absolute path of the tarball. */
  readonly tarball: string
  /** The folder that was packed. */
  readonly folder: string
  /** The bytes of the tarball. */
  readonly size: number
  /** The bytes of its files. */
  readonly unpackedSize: number
  readonly files: ReadonlyArray<PackedFile>
}

/** In the folder of the packages: what was packed, as JSON. */
export const packedFile = "packed.json"

const npmPack = async (folder: string, ...args: ReadonlyArray<string>) => {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", ...args], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  })
  const [made] = JSON.parse(stdout)
  return made as Omit<Packed, "tarball" | "folder"> & { readonly filename: string }
}

const stage = async (root: string, { folder, keeps }: ReleasedPackage, staged: string): Promise<void> => {
  const source = join(root, folder)
  const { files } = await npmPack(source, "--dry-run")
  for (const { path } of files) {
    await mkdir(dirname(join(staged, path)), { recursive: true })
    await copyFile(join(source, path), join(staged, path))
  }
  await copyFile(join(root, "LICENSE"), join(staged, "LICENSE"))
  const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8"))
  await writeFile(join(staged, "package.json"), `${JSON.stringify(publishedManifest(manifest, keeps), null, 2)}\n`)
  const repository: string | undefined = manifest.repository?.url ?? manifest.repository
  if (repository === undefined) return
  const readme = await readFile(join(source, "README.md"), "utf8")
  await writeFile(
    join(staged, "README.md"),
    withAbsoluteLinks(join(folder, "README.md"), readme, repository, manifest.version),
  )
}

/** Packs what has been built, into the folder `out`, which is replaced. */
export const packPackages = async (root: string, out: string): Promise<ReadonlyArray<Packed>> => {
  await rm(out, { recursive: true, force: true })
  const packed: Array<Packed> = []
  for (const released of releasedPackages) {
    const folder = join(out, released.name.replace("/", "+"))
    await stage(root, released, folder)
    const { filename, ...made } = await npmPack(folder, "--pack-destination", out)
    packed.push({ ...made, folder, tarball: join(out, filename) })
  }
  await writeFile(join(out, packedFile), `${JSON.stringify(packed, null, 2)}\n`)
  return packed
}
