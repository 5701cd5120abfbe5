/** The plugins of this repository that need no cloud do what the protocol says. */
import { describe, it } from "@effect/vitest"
import { needs } from "../../needs.ts"
import { conforms, folderOf } from "./conforms.ts"

/** Each with how many types its samples are of. */
const plugins: ReadonlyArray<readonly [path: string, types: number]> = [
  ["plugins/fake-aws", 6],
  ["examples/plugins/local", 1],
  ["test/fixtures/plugins/suite", 0],
]

describe("the plugin of", () => {
  it.live.each(plugins)("%s conforms", ([path, types]) => conforms({ directory: folderOf(path) }, { types }))

  it.live(
    "examples/plugins/python conforms",
    () => conforms({ directory: folderOf("examples/plugins/python") }, { types: 2 }),
    needs("python3"),
  )
})
