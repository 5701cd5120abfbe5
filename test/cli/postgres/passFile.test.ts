import { assert, describe, it } from "@effect/vitest"
import { passwordIn } from "../../../src/cli/postgres/passFile.ts"

const text = String.raw`# db:5432:shop:formae:commented
db:5433:shop:formae:other port
db:5432:shop:formae:colon:and\\back\slash
*:*:*:ops:everywhere
a\:b:5432:shop:formae:escaped
db:5432:short
`
const to = { host: "db", port: "5432", database: "shop", role: "formae" }

describe("the file of passwords", () => {
  it.each([
    [to, "colon:and\\backslash"],
    [{ ...to, port: "5433" }, "other port"],
    [{ ...to, role: "ops", host: "any" }, "everywhere"],
    [{ ...to, host: "a:b" }, "escaped"],
    [{ ...to, database: "none" }, undefined],
  ])("gives the password of the first line that fits: %o", (wanted, password) => {
    assert.strictEqual(passwordIn(text, wanted), password)
  })
})
