import { assert, describe, it } from "@effect/vitest"
import { nextSteps } from "../../../src/cli/project/nextSteps.ts"

describe("nextSteps", () => {
  it("begins with the build of a checkout that has none, because the project imports what it makes", () => {
    assert.deepEqual(nextSteps("my-cloud", "/home/me/formae").slice(0, 2), [
      "  npm run build --prefix /home/me/formae   # formae, once",
      "  cd my-cloud",
    ])
  })

  it("quotes folders for the shell", () => {
    assert.deepEqual(nextSteps("my cloud", "/home/me/the formae").slice(0, 2), [
      "  npm run build --prefix '/home/me/the formae'   # formae, once",
      "  cd 'my cloud'",
    ])
  })

  it("builds nothing where formae is built", () => {
    assert.strictEqual(nextSteps("my-cloud", undefined)[0], "  cd my-cloud")
  })
})
