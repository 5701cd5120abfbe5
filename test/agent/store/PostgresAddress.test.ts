import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { isPostgresUrl, parsePostgresUrl, shownState } from "../../../src/agent/store/postgres/PostgresAddress.ts"

const parsed = (state: string) => Result.getOrThrow(parsePostgresUrl(state))

describe("the address of a state on Postgres", () => {
  it("is told from the path of a file", () => {
    for (const state of ["postgres://db/shop", "postgresql://db/shop", "POSTGRES://db/shop"]) {
      assert.isTrue(isPostgresUrl(state), state)
    }
    for (const state of ["state.db", "./postgres:/state.db", "/var/postgres", "mysql://db/shop", ""]) {
      assert.isFalse(isPostgresUrl(state), state)
    }
  })

  it.each([
    ["postgres://u:hunter2@db:5433/shop", "postgres://u@db:5433/shop"],
    ["postgres://u@db/shop?password=hunter2&schema=a", "postgres://u@db/shop?schema=a"],
    ["postgres://u:hunter2@db/shop?host=/run/pg&options=-c%20x%3Dhunter2", "postgres://u@db/shop?host=/run/pg"],
    ["postgres://u:hunter2@db/shop?x=hunter2#hunter2", "postgres://u@db/shop"],
    ["postgres://:hunter2@db/shop", "postgres://db/shop"],
  ])("is shown without its password: %s", (state, shown) => {
    const address = parsed(state)
    assert.strictEqual(address.shown, shown)
    assert.strictEqual(shownState(state), shown)
    assert.isTrue(address.hasPassword || !state.includes("u:"), "the password is noticed")
    assert.notInclude(String(address.url) + JSON.stringify(address), "hunter2")
  })

  it("names a schema, which is formae by default and is not for the driver", () => {
    assert.strictEqual(parsed("postgres://db/shop").schema, "formae")
    const address = parsed("postgres://db/shop?schema=a%20b&sslmode=require")
    assert.strictEqual(address.schema, "a b")
    assert.strictEqual(Redacted.value(address.url), "postgres://db/shop?sslmode=require")
  })

  it.each(["postgres://db:port/shop", `postgres://db/shop?schema=${"n".repeat(64)}`, "postgres://db/?schema="])(
    "is refused, and nothing of it is repeated: %s",
    (state) => {
      const refused = parsePostgresUrl(state.replace("db", "u:hunter2@db"))
      assert.isTrue(Result.isFailure(refused))
      assert.notInclude(JSON.stringify(refused), "hunter2")
      assert.notInclude(shownState(state.replace("db", "u:hunter2@db")), "hunter2")
    },
  )
})
