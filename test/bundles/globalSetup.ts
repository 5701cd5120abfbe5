/** Makes the bundles once in each run of the tests, for all projects that start them, and sees that no process is left of it. */
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { TestProject } from "vitest/node"
import { claimFolder } from "./folders.ts"
import { untilNothingIsLeft } from "./leftBehind.ts"

const make = async (): Promise<void> => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("make.ts", import.meta.url))])
}

export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const { folder, isNew } = claimFolder()
  if (!isNew) return undefined
  await make()
  project.onTestsRerun(make)
  return async () => {
    // Whatever a test starts has inherited the name of the folder, plugins as that of their cache.
    await Effect.runPromise(untilNothingIsLeft(folder)).finally(() => rm(folder, { recursive: true, force: true }))
  }
}
