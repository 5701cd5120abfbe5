import { assert, describe, it } from "@effect/vitest"
import { renameSync, rmSync } from "node:fs"
import * as Effect from "effect/Effect"
import { makeFolder } from "../formaeCommand.ts"
import { decodeResult, resultOf } from "../jsonOutput.ts"
import { untilIn } from "../rows.ts"

/** A network that is there after a second, and one that is begun after that. */
const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 1000 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: other, type: FakeAWS::EC2::VPCCidrBlock, target: cloud, properties: { VpcId: { $ref: net.VpcId }, CidrBlock: 10.1.0.0/16 } }
`

describe("a state file that disappears during an apply", () => {
  it.live.each(["removed", "moved"])("because it was %s: the apply fails, and begins nothing else", (how) =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      write("shop.yaml", forma)
      const apply = yield* begin("apply", "shop.yaml", "--json")
      yield* untilIn(at("cloud.db"), "SELECT native_id FROM resources")
      yield* untilIn(at(".formae/state.db"), "SELECT native_id FROM resources")
      for (const end of ["", "-wal", "-shm"]) {
        const file = at(`.formae/state.db${end}`)
        if (how === "moved") renameSync(file, at(`moved.db${end}`))
        else rmSync(file)
      }
      const { code, stderr, stdout } = yield* apply.ended
      assert.strictEqual(code, 1)
      assert.include(
        stderr,
        "The state file .formae/state.db cannot be used: .formae/state.db was removed, moved or replaced while formae was using it",
      )
      assert.strictEqual((yield* decodeResult(stdout)).error?.code, "SqlError")
      assert.lengthOf(yield* untilIn(at("cloud.db"), "SELECT native_id FROM resources"), 1)

      const next = yield* formae("apply", "shop.yaml")
      assert.strictEqual(next.code, 2)
      assert.include(next.stderr, "it is missing, but it has been used")
      if (how === "removed") return
      for (const end of ["", "-wal", "-shm"]) renameSync(at(`moved.db${end}`), at(`.formae/state.db${end}`))
      const { status } = yield* resultOf(yield* formae("apply", "shop.yaml", "--json"))
      assert.strictEqual(status, "apply succeeded")
      assert.lengthOf(yield* untilIn(at("cloud.db"), "SELECT native_id FROM resources"), 2)
    }),
  )
})
