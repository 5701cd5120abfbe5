import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { NodeNames } from "../../../src/agent/launch/NodeNames.ts"
import { runnerNode } from "../../../src/cluster/runnerNames.ts"
import { NodeName } from "../../../src/protocol/Identity.ts"

const named = NodeNames.use(({ agent, plugin }) => Effect.succeed([agent, plugin("aws")]))

describe("the names of nodes", () => {
  it.effect("are those of this host alone, or of the host of the runner", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* Effect.provide(named, NodeNames.layer), ["agent@localhost", "aws-plugin@localhost"])
      const cluster = NodeNames.layerCluster(NodeName.make("agent-1@db.here"))
      assert.deepEqual(yield* Effect.provide(named, cluster, { local: true }), [
        "agent-1@db.here",
        "aws-plugin@db.here",
      ])
    }),
  )

  it("have no character of an address that a name may not have", () => {
    assert.strictEqual(runnerNode({ host: "db-1.here", port: 7301 }), "agent-7301@db-1.here")
    assert.strictEqual(runnerNode({ host: "fe80::1%eth0", port: 7301 }), "agent-7301@fe80--1-eth0")
  })
})
