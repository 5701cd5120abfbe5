/** Makes the bundles once in each run of the tests, for all projects that start them. */
import { execFile } from "node:child_process"
import { rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { TestProject } from "vitest/node"
import { claimFolder } from "./folders.ts"

const make = async (): Promise<void> => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("make.ts", import.meta.url))])
}

export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const { folder, isNew } = claimFolder()
  if (!isNew) return undefined
  await make()
  project.onTestsRerun(make)
  return () => rm(folder, { recursive: true, force: true })
}
