import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { NodeNames } from "../../../src/agent/launch/NodeNames.ts"
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
})
