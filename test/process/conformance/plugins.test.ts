/** The plugins of this repository that need no cloud do what the protocol says. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { type CheckId, findSamples } from "../../../src/testing/conformance/index.ts"
import { localFolder, pluginsFolder } from "../../bundles/folders.ts"
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

/** Each with where its bundle is, how many types its samples are of, and checks that must not be skipped. */
const bundled: ReadonlyArray<readonly [path: string, bundle: string, types: number, passes: ReadonlyArray<CheckId>]> = [
  ["plugins/fake-aws", join(pluginsFolder, "fake-aws"), 6, [...failures, "calls.describe"]],
  ["examples/plugins/local", join(localFolder, "local"), 1, ["calls.describe"]],
]

const lacksOfSuite: Lacks = { "the plugin": { "run.tested": "it keeps nothing that the kit could check" } }

describe("the plugin of", () => {
  // From its source, each of its many launches would compile all of it again.
  it.live.each(bundled)("%s conforms", ([path, directory, types, passes]) =>
    Effect.gen(function* () {
      const samples = yield* Effect.provide(findSamples(folderOf(path)), NodeServices.layer)
      assert.isDefined(samples)
      yield* conforms({ directory, samples }, { types, passes })
    }),
  )

  it.live("test/fixtures/plugins/suite conforms, from its source", () =>
    conforms({ directory: folderOf("test/fixtures/plugins/suite") }, { types: 0, lacks: lacksOfSuite }),
  )

  it.live(
    "examples/plugins/python conforms",
    () => conforms({ directory: folderOf("examples/plugins/python") }, { types: 2 }),
    needs("python3"),
  )
})
