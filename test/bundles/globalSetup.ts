/** Makes the bundles anew in each run of the tests, once for all projects that start them. */
import { execFile } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { madeBy } from "./folders.ts"

export default async (): Promise<void> => {
  const run = `${process.pid} ${performance.timeOrigin}`
  const last = await readFile(madeBy, "utf8").catch(() => "")
  if (last === run) return
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("make.ts", import.meta.url))])
  await writeFile(madeBy, run)
}
