/** The plugins of this repository that need no cloud do what the protocol says. */
import { describe, it } from "@effect/vitest"
import type { CheckId } from "../../../src/testing/conformance/index.ts"
import { needs } from "../../needs.ts"
import { conforms, folderOf, type Lacks } from "./conforms.ts"

/** FakeAWS fails on request. */
const failures: ReadonlyArray<CheckId> = [
  "type.retries",
  "type.terminal",
  "type.onlyOnce",
  "type.callTimeout",
  "type.failedPolls",
  "type.configured",
]

/** Each with how many types its samples are of, what it lacks, and checks that must not be skipped. */
const plugins: ReadonlyArray<readonly [path: string, types: number, lacks: Lacks, passes?: ReadonlyArray<CheckId>]> = [
  ["plugins/fake-aws", 6, {}, failures],
  ["examples/plugins/local", 1, {}],
  ["test/fixtures/plugins/suite", 0, { "the plugin": { "run.tested": "it keeps nothing that the kit could check" } }],
]

describe("the plugin of", () => {
  it.live.each(plugins)("%s conforms", ([path, types, lacks, passes = []]) =>
    conforms({ directory: folderOf(path) }, { types, lacks, passes }),
  )

  it.live(
    "examples/plugins/python conforms",
    () => conforms({ directory: folderOf("examples/plugins/python") }, { types: 2 }),
    needs("python3"),
  )
})
