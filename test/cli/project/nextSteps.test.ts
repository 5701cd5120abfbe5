import { assert, describe, it } from "@effect/vitest"
import { nextSteps } from "../../../src/cli/project/nextSteps.ts"

describe("nextSteps", () => {
  it("begins with the packing of a checkout, because the project depends on the tarball", () => {
    assert.deepEqual(nextSteps("my-cloud", "/home/me/formae").slice(0, 2), [
      "  npm run pack --prefix /home/me/formae   # formae, once",
      "  cd my-cloud",
    ])
  })

  it("quotes folders for the shell", () => {
    assert.deepEqual(nextSteps("my cloud", "/home/me/the formae").slice(0, 2), [
      "  npm run pack --prefix '/home/me/the formae'   # formae, once",
      "  cd 'my cloud'",
    ])
  })

  it("packs nothing where there is a tarball", () => {
    assert.strictEqual(nextSteps("my-cloud", undefined)[0], "  cd my-cloud")
  })
})
