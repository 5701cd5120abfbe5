import { assert, describe, it } from "@effect/vitest"
import {
  formatLicenses,
  licenseIn,
  licenseObjections,
  licenseSection,
  type Licensed,
} from "../../scripts/release/Licensed.ts"

const licensed = (name: string, license: string | undefined, text = ""): Licensed => ({
  name,
  version: "1.0.0",
  license,
  text,
})

describe("the licenses of what is shipped", () => {
  it.each(["MIT", "(MIT OR GPL-3.0-only)", "(MIT AND ISC)", "Apache-2.0"])("may be %s", (license) =>
    assert.deepEqual(licenseObjections([licensed("good", license)]), []),
  )

  it("must be on the list, all of them that apply", () => {
    const found = licenseObjections([
      licensed("copyleft", "GPL-3.0-only"),
      licensed("both", "(MIT AND GPL-3.0-only)"),
      licensed("silent", undefined),
    ])
    assert.deepEqual(found, [
      "copyleft 1.0.0 is licensed as GPL-3.0-only, which is not on the list",
      "both 1.0.0 is licensed as (MIT AND GPL-3.0-only), which is not on the list",
      "silent 1.0.0 does not say its license",
    ])
  })

  it("are read as packages of any age say them", () => {
    assert.strictEqual(licenseIn({ license: "MIT" }), "MIT")
    assert.strictEqual(licenseIn({ license: { type: "ISC" } }), "ISC")
    assert.strictEqual(licenseIn({ licenses: [{ type: "MIT" }, { type: "Apache-2.0" }] }), "MIT OR Apache-2.0")
    assert.isUndefined(licenseIn({}))
  })

  it("are found in a README that says them under a heading", () => {
    assert.strictEqual(licenseSection("# Some\n\nLicense\n===\n\nMIT\n"), "MIT")
    assert.strictEqual(licenseSection("## License\n\nISC, by A\n\n## More\n"), "ISC, by A")
    assert.isUndefined(licenseSection("The license is MIT.\n"))
  })

  it("are written once for all packages that have the same text", () => {
    const text = formatLicenses([
      licensed("one", "MIT", "Do as you like."),
      licensed("two", "MIT", "Do as you like."),
      licensed("three", "ISC"),
    ])
    assert.include(text, "one 1.0.0 (MIT)\ntwo 1.0.0 (MIT)\n\nDo as you like.\n")
    assert.include(text, "three 1.0.0 (ISC)\n\nThe package has no file with the text of its license.")
  })
})
