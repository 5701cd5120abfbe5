import { assert, describe, it } from "@effect/vitest"
import { joinedFiles } from "../../../src/cli/document/joinedFiles.ts"

/** The names of the joined files, of files by name with the names that they use. */
const joined = (files: Readonly<Record<string, ReadonlyArray<string>>>) =>
  joinedFiles(Object.entries(files).map(([path, uses]) => ({ path, uses }))).map(({ path }) => path)

describe("the files of a folder that are joined", () => {
  it.each([
    ["all that use none", { a: [], b: [] }, ["a", "b"]],
    ["those that are no parts of others", { a: ["b", "c"], b: ["c"], c: [], d: ["gone"] }, ["a", "d"]],
    ["one that uses itself", { a: ["a"], b: ["a", "b"] }, ["b"]],
    ["the first of a circle, with what is outside of it", { a: [], b: ["c"], c: ["d"], d: ["b"] }, ["a", "b"]],
    ["none of a circle that somebody uses", { a: ["c"], b: ["c"], c: ["b"] }, ["a"]],
  ] as ReadonlyArray<readonly [string, Readonly<Record<string, ReadonlyArray<string>>>, ReadonlyArray<string>]>)(
    "are %s",
    (_, files, names) => {
      assert.deepEqual(joined(files), names)
    },
  )
})
