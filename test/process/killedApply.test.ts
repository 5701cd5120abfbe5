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

describe("an apply", () => {
  it.live("keeps other commands out, and if it is killed the next one continues what it began", () =>
    Effect.gen(function* () {
      const { at, formae, has, write } = yield* makeFolder
      const nativeIdsIn = (file: string) =>
        Effect.sync(() => {
          if (!has(file)) return []
          const database = new DatabaseSync(at(file), { readOnly: true })
          try {
            return database.prepare("SELECT native_id FROM resources").all()
          } catch {
            // It has no tables yet.
            return []
          } finally {
            database.close()
          }
        })
      write("slow.yaml", forma(3_600_000))
      write("shop.yaml", forma(0))
      const killed = yield* Effect.forkChild(formae("apply", "slow.yaml"))
      const begun = yield* nativeIdsIn(".formae/state.db").pipe(
        Effect.delay("50 millis"),
        Effect.repeat({ until: (ids) => ids.length > 0 }),
      )
      for (const command of ["apply", "destroy"]) {
        const refused = yield* formae(command, "shop.yaml")
        assert.strictEqual(refused.code, 1)
        assert.match(
          refused.stderr,
          /^Another formae \(pid \d+, since .*Z\) is using this state; nothing was changed\./,
        )
      }
      yield* Fiber.interrupt(killed)
      const next = yield* formae("apply", "shop.yaml")
      assert.strictEqual(next.code, 0, next.stderr)
      assert.deepEqual(yield* nativeIdsIn(".formae/state.db"), begun)
      assert.deepEqual(yield* nativeIdsIn("cloud.db"), begun)
    }),
  )
})
