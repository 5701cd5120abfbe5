/** The plugins of this repository that need no cloud do what the protocol says. */
import { describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { conforms, folderOf } from "./conforms.ts"

const hasPython = spawnSync("python3", ["--version"]).status === 0
if (!hasPython) process.stderr.write("The kit on the plugin in Python: skipped, because no python3 is on the PATH\n")

/** Each with how many types its samples are of. */
const plugins: ReadonlyArray<readonly [path: string, types: number]> = [
  ["plugins/fake-aws", 6],
  ["examples/plugins/local", 1],
  ...(hasPython ? [["examples/plugins/python", 2] as const] : []),
  ["test/fixtures/plugins/suite", 0],
]

describe("the plugin of", () => {
  it.live.each(plugins)("%s conforms", ([path, types]) => conforms({ directory: folderOf(path) }, { types }))
})
