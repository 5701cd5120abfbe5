/** The tarballs of the packages, and projects that install them. */
import * as fs from "node:fs/promises"
import { join } from "node:path"
import type { Packed } from "../../scripts/release/packPackages.ts"
import { copyCheckout } from "./checkout.ts"
import { node, npm, root } from "./npm.ts"

/** The package formae, and those of the plugins. */
export interface Tarball extends Packed {
  /** The folder of the checkout that was packed, and of the projects. */
  readonly folder: string
  readonly plugins: ReadonlyArray<Packed>
  /** Where all that was packed is, with its tarballs. */
  readonly packages: string
  /** An empty project that has installed the package formae, and the platform that programs run on. */
  readonly project: string
}

/** The program of the README runs on it. */
const platform = "@effect/platform-node"

/** Packs a copy of the checkout, in `folder`, and installs the package formae. */
export const packTarball = async (folder: string): Promise<Tarball> => {
  const checkout = join(folder, "checkout")
  await copyCheckout(checkout)
  const packages = join(folder, "packages")
  const { stdout } = await node(checkout, join("scripts", "pack.ts"), packages, "--json")
  const [formae, ...plugins]: readonly [Packed, ...ReadonlyArray<Packed>] = JSON.parse(stdout)
  const { devDependencies } = JSON.parse(await fs.readFile(join(root, "package.json"), "utf8"))
  const made = { ...formae, folder, plugins, packages }
  const project = await makeProject(made, "project", `${platform}@${devDependencies[platform]}`)
  return { ...made, project }
}

export const install = ["install", "--prefer-offline", "--no-audit", "--no-fund"]

/** Makes an empty project, and installs the tarball and these packages in it. */
export const makeProject = async (
  { folder, tarball }: Pick<Tarball, "folder" | "tarball">,
  name: string,
  ...packages: ReadonlyArray<string>
) => {
  const project = join(folder, name)
  await fs.mkdir(project)
  await fs.writeFile(join(project, "package.json"), `{ "private": true, "type": "module" }`)
  await npm(project, ...install, tarball, ...packages)
  return project
}
