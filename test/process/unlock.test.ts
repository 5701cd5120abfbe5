import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { makeFolder } from "./formaeCommand.ts"

const forma = (settleMillis: number) => `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: ${settleMillis} } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

/** Runs SQL on a state file, as nothing but a test does. */
const query = (file: string, sql: string) =>
  Effect.sync(() => {
    const database = new DatabaseSync(file)
    try {
      return database.prepare(sql).all()
    } finally {
      database.close()
    }
  })

describe("formae unlock", () => {
  it.live("frees a state that a program on another host left, says what it looked at, and is needed only once", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", forma(0))
      assert.strictEqual((yield* formae("unlock")).code, 2)
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      const idle = yield* formae("unlock")
      assert.strictEqual(idle.code, 0)
      assert.match(idle.stdout, /^Nobody holds the state .*state\.db\.lock is free.*Nothing was changed/)

      yield* query(
        at(".formae/state.db"),
        "UPDATE state_ownership SET owner = 'x', kind = 'process', pid = 7, host = 'there', since = 0",
      )
      const refused = yield* formae("apply", "shop.yaml")
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stderr, "Another formae (pid 7 on there, since 1970-01-01T00:00:00.000Z)")
      assert.include(refused.stderr, '"formae unlock" frees the state')

      const unlocked = yield* formae("unlock")
      assert.strictEqual(unlocked.code, 0)
      assert.include(unlocked.stdout, "Removed the holder of the state")
      assert.include(unlocked.stdout, "formae (pid 7 on there, since 1970-01-01T00:00:00.000Z)")
      assert.include(unlocked.stdout, "cannot be seen from here; if it is still running, it can write nothing more")
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      const again = yield* formae("unlock", "--json")
      assert.deepInclude(JSON.parse(again.stdout), { command: "unlock", status: "succeeded", removed: null })
    }),
  )

  it.live("is refused while a formae is working", () =>
    Effect.gen(function* () {
      const { at, formae, has, write } = yield* makeFolder
      write("slow.yaml", forma(3_600_000))
      const applying = yield* Effect.forkChild(formae("apply", "slow.yaml"))
      yield* Effect.suspend(() =>
        has(".formae/state.db.lock") ? query(at(".formae/state.db"), "SELECT * FROM resources") : Effect.succeed([]),
      ).pipe(Effect.delay("50 millis"), Effect.repeat({ until: (rows) => rows.length > 0 }))
      const refused = yield* formae("unlock", "--json")
      assert.strictEqual(refused.code, 1)
      assert.deepInclude(JSON.parse(refused.stdout), { command: "unlock", status: "refused" })
      assert.include(refused.stderr, "is using this state; nothing was changed")
      yield* Fiber.interrupt(applying)
      // It was killed: the lock is free, and the next command needs no unlock.
      const left = yield* formae("unlock")
      assert.include(left.stdout, "It ended without giving the state back")
    }),
  )
})
