/** The tarball of the package, and projects that install it. */
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { copyCheckout } from "./checkout.ts"
import { npm } from "./npm.ts"

interface Made {
  readonly filename: string
  readonly size: number
  readonly files: ReadonlyArray<{ readonly path: string }>
}

export interface Tarball extends Made {
  readonly tarball: string
  /** The folder of the checkout that was packed, and of the projects. */
  readonly folder: string
}

/** Packs a copy of the checkout, in `folder`. */
export const packTarball = async (folder: string): Promise<Tarball> => {
  const checkout = join(folder, "checkout")
  await copyCheckout(checkout)
  const answer = await npm(checkout, "pack", "--json", "--foreground-scripts=false")
  const [made]: readonly [Made] = JSON.parse(answer.stdout)
  return { ...made, tarball: join(checkout, made.filename), folder }
}

export const install = ["install", "--prefer-offline", "--no-audit", "--no-fund"]

/** Makes an empty project, and installs the tarball and these packages in it. */
export const makeProject = async ({ folder, tarball }: Tarball, name: string, ...packages: ReadonlyArray<string>) => {
  const project = join(folder, name)
  await fs.mkdir(project)
  await fs.writeFile(join(project, "package.json"), `{ "private": true, "type": "module" }`)
  await npm(project, ...install, tarball, ...packages)
  return project
}
