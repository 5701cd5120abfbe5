import { assert, describe, it } from "@effect/vitest"
import { serverFindings } from "../../../src/cli/doctor/serverFindings.ts"

const well = {
  version: "18.4",
  role: "formae",
  mayWrite: true,
  isSuperuser: false,
  isEncrypted: true,
  commits: "on",
  aheadMillis: 20,
}
const state = "postgres://formae@db/shop"
const levels = (facts: Partial<typeof well>) =>
  serverFindings(state, { ...well, ...facts }).map(({ verdict }) => verdict)

describe("what is found out of a state on Postgres", () => {
  it("names the server and the role", () => {
    const [found] = serverFindings(state, well)
    assert.include(found?.message, `${state} can be used: Postgres 18.4, as the role "formae"`)
    assert.deepEqual(levels({}), ["ok"])
  })

  it("is a warning where the role may do more than it needs, or others can read what goes to the server", () => {
    assert.deepEqual(levels({ isSuperuser: true }), ["ok", "warning"])
    assert.deepEqual(levels({ isEncrypted: false }), ["ok", "warning"])
    const unencrypted = { ...well, isEncrypted: false }
    for (const here of ["postgres://formae@127.0.0.1/shop", "postgres://formae@localhost/shop?host=/run/postgresql"]) {
      assert.lengthOf(serverFindings(here, unencrypted), 1, here)
    }
  })

  it("is a problem where nothing may be written, and a warning where a write may be lost or a clock is wrong", () => {
    assert.deepEqual(levels({ mayWrite: false }), ["ok", "problem"])
    assert.deepEqual(levels({ commits: "off" }), ["ok", "warning"])
    assert.deepEqual(levels({ aheadMillis: -60_000 }), ["ok", "warning"])
    const behind = serverFindings(state, { ...well, aheadMillis: -60_000 })
    assert.include(behind[1]?.message, "is 60 s behind that of this host")
  })
})
