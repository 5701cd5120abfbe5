/** docs/configuration.md, which is written from the schema of the configuration. */
import { assert, describe, it } from "@effect/vitest"
import { configurationPage } from "../../scripts/configurationPage.ts"
import { configurationFields } from "../../src/agent/configuration/ConfigurationField.ts"

describe("docs/configuration.md", () => {
  it("has a row for each setting", () => {
    const page = configurationPage(() => "what it means")
    const missing = configurationFields()
      .map(({ path }) => path)
      // What one plugin can have as well as all of them is written once.
      .filter((path) => path[0] !== "plugin" || !["operator", "supervision"].includes(path[2] ?? ""))
      .filter((path) => !page.includes(`| \`${path.join(".")}\` |`))
    assert.deepEqual(missing, [])
  })
})
