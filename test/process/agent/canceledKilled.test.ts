/** An agent that is killed while a command that was canceled waits for a call. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeFolder } from "../formaeCommand.ts"
import { columnIn, untilIn } from "../rows.ts"

const document = `
name: shop
targets:
  cloud:
    namespace: FakeAWS
    config:
      cloud: ./cloud.db
      region: us-east-1
      faults: [{ operation: create, type: "FakeAWS::EC2::VPC", when: before, action: hang, times: 9 }]
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: logs, type: "FakeAWS::S3::Bucket", target: cloud, properties: { BucketName: logs }, dependsOn: [net] }
`

describe("an agent that is killed under a canceled command", () => {
  it.live("P3: leaves it canceled to the next one, which begins nothing more of it", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      write("shop.yaml", document)
      const first = yield* begin("agent")
      yield* first.said("listens at")
      const apply = yield* begin("apply", "shop.yaml", "--yes")
      yield* untilIn(at("cloud.db"), "SELECT seq FROM calls WHERE operation = 'create'")
      const [id = ""] = yield* columnIn(at(".formae/state.db"), "SELECT command_id FROM commands")
      const canceled = yield* formae("cancel", String(id))
      assert.strictEqual(canceled.code, 0, canceled.stderr)
      const statuses = "SELECT status FROM commands"
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statuses), ["canceled"])
      yield* first.signal("SIGKILL")
      yield* first.ended

      const next = yield* begin("agent")
      const ended = yield* apply.ended
      assert.deepEqual([ended.code, /was canceled\. Ask for a resume/.test(ended.stderr)], [1, true], ended.stderr)
      yield* next.signal("SIGTERM")
      const { stderr } = yield* next.ended
      assert.notInclude(stderr, "Continuing the apply")
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statuses), ["canceled"])
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), "SELECT label FROM operations"), ["net"])
      assert.deepEqual(yield* columnIn(at("cloud.db"), "SELECT operation FROM calls"), ["create"])
    }).pipe(Effect.scoped),
  )
})
