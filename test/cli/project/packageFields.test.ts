import { assert, describe, it } from "@effect/vitest"
import { directDependencies, hasDependencies, manifestIn } from "../../../src/cli/project/packageFields.ts"

describe("package.json", () => {
  it("names direct dependencies of each kind, once", () => {
    assert.deepEqual(
      directDependencies({
        dependencies: { b: "1.0.0", formae: "0.2.0" },
        devDependencies: { a: "1.0.0", b: "1.0.0" },
        optionalDependencies: { c: "*" },
      }),
      ["a", "b", "c", "formae"],
    )
    assert.deepEqual(directDependencies({}), [])
  })

  it.each([
    [{ plugin: "./dist/formae-plugin.json" }, "./dist/formae-plugin.json"],
    [{ plugin: "" }, undefined],
    [{ plugin: true }, undefined],
    ["./formae-plugin.json", undefined],
    [undefined, undefined],
  ])("makes of the field formae %j the manifest %s", (formae, manifest) => {
    assert.strictEqual(manifestIn({ formae }), manifest)
  })

  it("says whether other packages are run with it", () => {
    assert.isFalse(hasDependencies({ devDependencies: { a: "1" } }))
    assert.isTrue(hasDependencies({ dependencies: { a: "1" } }))
    assert.isTrue(hasDependencies({ optionalDependencies: { a: "1" } }))
  })
})
