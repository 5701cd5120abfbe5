import { assert, describe, it } from "@effect/vitest"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { npmCandidates } from "../../../src/cli/npm/findNpm.ts"
import { isNetworkError, readNpmError } from "../../../src/cli/npm/NpmError.ts"

describe("npm", () => {
  it.effect(
    "is looked for beside Node, and then on the PATH, but not in folders that the current one could bring",
    () =>
      Effect.gen(function* () {
        const path = yield* Path.Path
        const found = npmCandidates(path, {
          node: "/node/bin/node",
          path: "/a::.:node_modules/.bin:/b",
          platform: "linux",
        })
        assert.deepEqual(
          found.map(({ program: { args, command } }) => [command, ...args]),
          [
            ["/node/bin/node", "/node/bin/node_modules/npm/bin/npm-cli.js"],
            ["/node/bin/node", "/node/lib/node_modules/npm/bin/npm-cli.js"],
            ["/a/npm"],
            ["/b/npm"],
          ],
        )
      }).pipe(Effect.provide(NodePath.layer)),
  )
})

describe("what npm says when it fails", () => {
  it.each([
    [`{ "error": { "code": "E404", "summary": " Not Found " } }`, [], { code: "E404", summary: "Not Found" }],
    [`{ "error": { "summary": "something" } }`, [], { code: "", summary: "something" }],
    ["", ["npm error first", "npm error last"], { code: "", summary: "npm error last" }],
    ["", [], { code: "", summary: "it said nothing" }],
    [
      `{ "error": { "code": "E500", "summary": "GET https://me:sesame@host/a" } }`,
      [],
      { code: "E500", summary: "GET https://host/a" },
    ],
  ])("is read from %s", (stdout, last, error) => {
    assert.deepEqual(readNpmError(stdout, last), error)
  })

  it("is told apart from a missing network", () => {
    assert.isTrue(isNetworkError({ code: "ENOTFOUND", summary: "" }))
    assert.isFalse(isNetworkError({ code: "E404", summary: "" }))
  })
})
