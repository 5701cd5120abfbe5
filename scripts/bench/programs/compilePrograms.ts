/** What the bench needs: peers from npm, and plugins as the build makes them. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { rolldown } from "rolldown"
import { bundle, bundlePlugin } from "../../bundle.ts"
import { manifestOf } from "./makeCrowd.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const peers = fileURLToPath(new URL("../peers", import.meta.url))

/** Whether they are there, by now. Where no registry answers, they are left out. */
export const installPeers = async (): Promise<boolean> => {
  if (existsSync(`${peers}/node_modules/tinypool`)) return true
  try {
    await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: peers })
    return true
  } catch {
    return false
  }
}

/**
 * The programs that answer, as JavaScript: Node would load its TypeScript
 * parser into each of them, and they would start later and be larger for a
 * reason that is not theirs. Their packages stay where they are.
 */
export const compilePrograms = async (withPeers: boolean): Promise<void> => {
  const programs: ReadonlyArray<readonly [folder: string, names: ReadonlyArray<string>]> = [
    ["answering", ["floor.ts", "effectRpc.ts", "rpcLayer.ts"]],
    ["../peers/answering", withPeers ? ["fork.js", "jsonrpc.js", "mcp.js", "tinypool.js"] : []],
  ]
  for (const [folder, names] of programs) {
    const place = fileURLToPath(new URL(folder, import.meta.url))
    for (const name of names) {
      const build = await rolldown({ input: `${place}/${name}`, platform: "node", external: /^[^./]/ })
      await build.write({ file: `${place}/dist/${name.replace(/\.ts$/, ".js")}`, format: "esm" })
      await build.close()
    }
  }
}

/** Bundles the plugins into `folder`, each in a folder of its name; that of the bench as `bench`. */
export const bundlePlugins = async (folder: string): Promise<void> => {
  for (const name of ["fake-aws", "aws", "azure"])
    await bundlePlugin(`${root}/plugins/${name}`, `${folder}/${name}`, root)
  await bundle(fileURLToPath(new URL("answering/plugin.ts", import.meta.url)), `${folder}/bench`, root)
  await writeFile(`${folder}/bench/formae-plugin.json`, manifestOf("bench", "Bench"))
}
