import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { bundle, bundlePlugin } from "../../bundle.ts"
import { manifestOf } from "./manifestOf.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const benchPlugin = fileURLToPath(new URL("answering/plugin.ts", import.meta.url))

/** Bundles the plugins as the build does, each into a folder of its name in `folder`; the bench's own into `bench`. */
export const bundlePlugins = async (folder: string): Promise<void> => {
  for (const name of ["fake-aws", "aws", "azure"]) {
    await bundlePlugin(`${root}/plugins/${name}`, `${folder}/${name}`, root)
  }
  await bundle(benchPlugin, `${folder}/bench`, root)
  await writeFile(`${folder}/bench/formae-plugin.json`, manifestOf("bench", "Bench"))
}
