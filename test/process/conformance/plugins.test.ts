/** The plugins of this repository do what the protocol says. One more is a line here, and its samples in its folder. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { formatReport, testPlugin, type TestPluginOptions } from "../../../src/testing/conformance/index.ts"

const folder = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Each with what its samples do not say, and how many of its types they are of. */
const plugins: ReadonlyArray<readonly [path: string, types: number, options?: Omit<TestPluginOptions, "directory">]> = [
  ["plugins/fake-aws", 6],
  ["examples/plugins/local", 1],
  ["test/fixtures/plugins/suite", 0],
]

describe("the plugin of", () => {
  it.live.each(plugins)("%s conforms", ([path, types, options]) =>
    Effect.gen(function* () {
      const report = yield* Effect.provide(testPlugin({ ...options, directory: folder(path) }), NodeServices.layer)
      const told = formatReport(report)
      assert.strictEqual(report.status, "passed", told)
      assert.lengthOf(
        report.checks.filter(({ status }) => status === "warned"),
        0,
        told,
      )
      assert.lengthOf(
        report.types.filter(({ sample }) => sample === "given"),
        types,
      )
      assert.deepEqual(report.leftBehind, [])
    }),
  )
})
