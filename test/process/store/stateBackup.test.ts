import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { statSync } from "node:fs"
import { makeFolder } from "../formaeCommand.ts"

const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

describe("formae state backup", () => {
  it.live("copies the state, and the copy is a state", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", forma)
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      const made = yield* formae("state", "backup", "monday.db")
      assert.strictEqual(made.code, 0, made.stderr)
      assert.match(made.stdout, /^Copied the state \.formae\/state\.db to monday\.db \(\d+ bytes\), and checked that/)
      assert.strictEqual(statSync(at("monday.db")).mode & 0o777, 0o600)
      const again = yield* formae("state", "backup", "monday.db", "--json")
      assert.strictEqual(again.code, 2)
      assert.deepInclude(JSON.parse(again.stdout), { command: "state backup", status: "refused" })
      const listed = yield* formae("inventory", "--state", "monday.db")
      assert.include(listed.stdout, "FakeAWS::EC2::VPC")
    }),
  )
})
