/** The command on a state that a Postgres server has. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, readFileSync, rmSync } from "node:fs"
import { afterAll } from "vitest"
import { shortNameOf } from "../../../src/cli/staying/socketPath.ts"
import { asAdministrator, newSchema } from "../../postgres/PostgresStores.ts"
import { password, startPostgres } from "../../postgres/startPostgres.ts"
import { makeFolder } from "../formaeCommand.ts"
import { canary, shop } from "../shopDocument.ts"

const server = await startPostgres()
afterAll(server.stop)

describe("formae on a state that is on a Postgres server", () => {
  it.live(
    "works as on a file, shows no password, and copies the state there and back",
    () =>
      Effect.gen(function* () {
        const { at, formaeAs, write } = yield* makeFolder
        write("shop.yaml", shop)
        const schema = newSchema()
        const whole = server.urlOf(schema)
        const address = whole.replace(`:${password}`, "")
        const printed: Array<string> = []
        const environment = { PGPASSWORD: password, FORMAE_STATE: address, XDG_STATE_HOME: at("own") }
        const formae = (...args: ReadonlyArray<string>) =>
          Effect.tap(formaeAs({}, environment)(...args), ({ stderr, stdout }) =>
            Effect.sync(() => printed.push(stderr, stdout)),
          )

        // A password in the address is refused, and is not repeated.
        const shown = yield* formae("inventory", "--state", whole)
        assert.strictEqual(shown.code, 2)
        assert.include(shown.stderr, "it has a password in it, which others could read. Leave it out of the address")

        const keyFile = at(`own/formae/states/${shortNameOf(address)}/state.key`)
        const first = yield* formae("plan", "shop.yaml")
        assert.strictEqual(first.code, 0, first.stderr)
        const applied = yield* formae("apply", "shop.yaml")
        assert.strictEqual(applied.code, 0, applied.stderr)
        const again = yield* formae("apply", "shop.yaml")
        assert.include(again.stdout, "3 resources are already as wanted")

        const backup = yield* formae("state", "backup", "copy.db")
        assert.strictEqual(backup.code, 2)
        assert.include(backup.stderr, `is backed up with it, as by pg_dump. "formae state copy`)

        // Without the key of the state, another host is told how to get it.
        const elsewhere = yield* formaeAs({}, { ...environment, XDG_STATE_HOME: at("other") })("apply", "shop.yaml")
        assert.strictEqual(elsewhere.code, 2, elsewhere.stderr)
        assert.include(elsewhere.stderr, "this host does not have its key: there is no ")
        assert.include(elsewhere.stderr, "name it with FORMAE_STATE_KEY_FILE")

        const copied = yield* formae("state", "copy", address, "back.db")
        assert.strictEqual(copied.code, 0, copied.stderr)
        assert.match(
          copied.stdout,
          /^Copied \d+ rows from the state postgres:.* to back\.db, and compared both row by row/,
        )
        assert.match(copied.stderr, /resources: 3 rows/)
        const fromFile = yield* formae("plan", "shop.yaml", "--state", "back.db")
        assert.include(fromFile.stdout, "3 resources are already as wanted", "the secret is recognized by the same key")

        const other = server.urlOf(newSchema()).replace(`:${password}`, "")
        const there = yield* formae("state", "copy", "back.db", other, "--json")
        assert.strictEqual(there.code, 0, there.stderr)
        const { key } = JSON.parse(there.stdout)
        assert.deepEqual(readFileSync(key), readFileSync(at("back.db.key")))
        const moved = yield* formae("plan", "shop.yaml", "--state", other)
        assert.include(moved.stdout, "3 resources are already as wanted")
        const refused = yield* formae("state", "copy", "back.db", other)
        assert.strictEqual(refused.code, 2)
        assert.include(refused.stderr, "there is something in the target already")

        // One line of configuration says where it is.
        write("formae.config.yaml", `state: ${address}\n`)
        const configured = formaeAs({}, { ...environment, FORMAE_STATE: undefined })
        const byFile = yield* configured("plan", "shop.yaml", "--config", "formae.config.yaml")
        assert.include(byFile.stdout, "3 resources are already as wanted", byFile.stderr)
        write("formae.config.yaml", `state: ${whole}\n`)
        const withPassword = yield* configured("plan", "shop.yaml", "--config", "formae.config.yaml")
        assert.strictEqual(withPassword.code, 2)
        assert.include(
          withPassword.stderr,
          "it has a password in it, which others could read. Leave it out of the address",
        )
        printed.push(withPassword.stderr)
        rmSync(at("formae.config.yaml"))

        // Its holder was killed, with its host.
        const set = `owner = 'x', kind = 'session', pid = 7, host = 'there', since = 0`
        yield* asAdministrator(server, (sql) => sql.unsafe(`UPDATE ${schema}.state_ownership SET ${set}`))
        const looked = yield* formae("doctor")
        assert.strictEqual(looked.code, 0, looked.stdout)
        assert.match(looked.stdout, /^ok +state +postgres:\S+ can be used: Postgres 18\.\d+, as the role "shop"$/m)
        assert.match(
          looked.stdout,
          /^ok +lock +Nobody holds the state\. Its last holder \(pid 7 on there, since 1970-/m,
        )
        assert.notMatch(looked.stdout, /^\w+ +cluster /m, "no runner has ever shared it")
        const freed = yield* formae("unlock")
        assert.match(
          freed.stdout,
          /^Removed the holder of the state postgres:\S+ formae \(pid 7 on there, since 1970-/m,
        )
        const free = yield* formae("unlock")
        assert.include(
          free.stdout,
          `the lock of the schema ${schema} on the server is free, and the state names no holder`,
        )

        write("old.key", readFileSync(keyFile))
        chmodSync(at("old.key"), 0o600)
        const given = { ...environment, FORMAE_STATE_KEY: readFileSync(at("old.key")).toString("base64") }
        const inEnvironment = yield* formaeAs({}, given)("state", "rotate-key")
        assert.deepInclude(inEnvironment, { code: 2, stdout: "" })
        assert.include(
          inEnvironment.stderr,
          "The key was not changed, because it was given in FORMAE_STATE_KEY. Put it into a file that others may not read: (umask 077; ",
        )
        const rotated = yield* formae("state", "rotate-key")
        assert.strictEqual(rotated.code, 0, rotated.stderr)
        assert.notDeepEqual(readFileSync(keyFile), readFileSync(at("old.key")))
        assert.include((yield* formae("plan", "shop.yaml")).stdout, "3 resources are already as wanted")
        const withOld = yield* formaeAs({}, { ...environment, FORMAE_STATE_KEY_FILE: at("old.key") })(
          "plan",
          "shop.yaml",
        )
        assert.strictEqual(withOld.code, 2, withOld.stdout)
        assert.include(withOld.stderr, "is not its key, but that of another state or of before a change")

        for (const text of printed) {
          assert.notInclude(text, password)
          assert.notInclude(text, canary)
        }
      }),
    120_000,
  )
})
