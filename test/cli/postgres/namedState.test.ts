import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { readConfig } from "../../../src/cli/config/readConfig.ts"
import { shownState } from "../../../src/agent/store/postgres/PostgresAddress.ts"
import { objectionToState } from "../../../src/cli/postgres/objectionToState.ts"
import { withPassword } from "../../../src/cli/postgres/serverPassword.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

const inEnvironment = (environment: Readonly<Record<string, string>>) =>
  Effect.provideService(HostEnvironment, environment)

describe("a state that is named", () => {
  it("may be a file, or an address without a password", () => {
    for (const state of ["state.db", "/a/postgres.db", "postgres://formae@db/shop?schema=one"]) {
      assert.isUndefined(objectionToState(state), state)
    }
    for (const state of ["postgres://formae:hunter2@db/shop", "postgresql://db/shop?password=hunter2"]) {
      assert.include(objectionToState(state), "it has a password in it")
      assert.notInclude(objectionToState(state), "hunter2")
    }
  })

  it.each([
    [
      "mysql://formae@db/shop",
      "it is neither a file nor the address of a Postgres server, which begins with postgres://",
    ],
    ["postgress://formae:hunter2@db/shop", "it is neither a file nor the address of a Postgres server"],
    ["postgres://db/shop", "it names no role: write postgres://ROLE@HOST/DATABASE"],
  ])("is refused where it is an address that cannot be used: %s", (state, expected) => {
    assert.include(objectionToState(state), expected)
    assert.notInclude(shownState(state), "hunter2")
  })

  it.each([
    "postgres://db/shop?user=formae",
    "postgres:///shop?host=/run/postgresql&user=formae",
    "C:\\shop\\state.db",
  ])("may be %s", (state) => {
    assert.isUndefined(objectionToState(state))
  })

  it.effect("is not taken for a file by a configuration where it is an address of something else", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* temporaryFolder}/formae.config.yaml`
      yield* fs.writeFileString(file, "state: postgre://formae:hunter2@db/shop\n")
      const error = yield* Effect.flip(readConfig(Option.some(file)))
      assert.include(error.message, "formae.config.yaml:1:1 state: it is neither a file nor the address")
      assert.notInclude(JSON.stringify(error), "hunter2")
    }).pipe(inEnvironment({}), Effect.provide(NodeServices.layer)),
  )

  it.effect("is refused by a configuration where it has a password, which is not repeated", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readConfig(Option.none()))
      assert.include(error.message, "FORMAE_STATE state: it has a password in it")
      assert.notInclude(JSON.stringify(error), "hunter2")
    }).pipe(inEnvironment({ FORMAE_STATE: "postgres://formae:hunter2@db/shop" }), Effect.provide(NodeServices.layer)),
  )

  it.effect("is relative to the folder of its configuration, and an address is not", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* temporaryFolder}/formae.config.yaml`
      yield* fs.writeFileString(file, "state: postgres://formae@db/shop\n")
      assert.strictEqual((yield* readConfig(Option.some(file))).state, "postgres://formae@db/shop")
    }).pipe(inEnvironment({}), Effect.provide(NodeServices.layer)),
  )

  it.effect("gets its password from PGPASSWORD, or from a file that only this user may read", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* temporaryFolder}/pass`
      yield* fs.writeFileString(file, "db:5432:shop:formae:from the file\n", { mode: 0o600 })
      const address = Redacted.make("postgres://formae@db/shop")
      const found = (environment: Readonly<Record<string, string>>) =>
        withPassword(address).pipe(
          Effect.map((url) => new URL(Redacted.value(url)).searchParams.get("password")),
          inEnvironment(environment),
        )
      assert.strictEqual(yield* found({ PGPASSFILE: file }), "from the file")
      assert.strictEqual(yield* found({ PGPASSFILE: file, PGPASSWORD: "given" }), "given")
      assert.isNull(yield* found({ PGPASSFILE: `${file}.none` }))
      yield* fs.chmod(file, 0o644)
      const refused = yield* Effect.flip(found({ PGPASSFILE: file }))
      assert.include(refused.reason, "other users may read the file of passwords")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
