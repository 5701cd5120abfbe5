/** The manifests of the plugins of the bench, and as many folders of one as are wanted. */
import { cp, mkdir, writeFile } from "node:fs/promises"

export const manifestOf = (name: string, namespace: string): string =>
  `${JSON.stringify({
    name,
    namespace,
    version: "0.1.0",
    protocol: { min: 1, max: 1 },
    minAgentVersion: "0.1.0",
    entry: "main.mjs",
    environment: [],
  })}\n`

/** As many plugins in `crowd` as are wanted, each with a namespace of its own. */
export const makeCrowd = async (bench: string, crowd: string, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    const folder = `${crowd}/bench-${index}`
    await mkdir(folder, { recursive: true })
    await cp(bench, folder, { recursive: true })
    await writeFile(`${folder}/formae-plugin.json`, manifestOf(`bench-${index}`, `Bench${index}`))
  }
}
