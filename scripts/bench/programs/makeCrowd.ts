import { cp, mkdir, writeFile } from "node:fs/promises"
import { manifestOf } from "./manifestOf.ts"

/** Makes `count` copies of the bench's plugin, `bench-0` and so on, each with a namespace of its own, `Bench0` and so on. */
export const makeCrowd = async (plugin: string, folder: string, count: number): Promise<void> => {
  for (let index = 0; index < count; index++) {
    const copy = `${folder}/bench-${index}`
    await mkdir(copy, { recursive: true })
    await cp(plugin, copy, { recursive: true })
    await writeFile(`${copy}/formae-plugin.json`, manifestOf(`bench-${index}`, `Bench${index}`))
  }
}
