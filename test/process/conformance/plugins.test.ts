/** The plugins of this repository that need no cloud do what the protocol says. */
import { describe, it } from "@effect/vitest"
import { needs } from "../../needs.ts"
import { conforms, folderOf, type Lacks } from "./conforms.ts"

/** Each with how many types its samples are of, and what it lacks. */
const plugins: ReadonlyArray<readonly [path: string, types: number, lacks: Lacks]> = [
  ["plugins/fake-aws", 6, {}],
  ["examples/plugins/local", 1, {}],
  ["test/fixtures/plugins/suite", 0, { "the plugin": { "run.tested": "it keeps nothing that the kit could check" } }],
]

describe("the plugin of", () => {
  it.live.each(plugins)("%s conforms", ([path, types, lacks]) =>
    conforms({ directory: folderOf(path) }, { types, lacks }),
  )

  it.live(
    "examples/plugins/python conforms",
    () => conforms({ directory: folderOf("examples/plugins/python") }, { types: 2 }),
    needs("python3"),
  )
})
