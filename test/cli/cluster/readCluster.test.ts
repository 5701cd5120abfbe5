/** What a runner is refused for before anything is opened. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ClusterFlags, objectionWithoutCluster } from "../../../src/cli/cluster/clusterFlags.ts"
import { readCluster } from "../../../src/cli/cluster/readCluster.ts"
import { sharedState } from "../../../src/cli/cluster/sharedState.ts"

const none: ClusterFlags = {
  cluster: Option.none(),
  namespaces: Option.none(),
  clusterCert: Option.none(),
  clusterKey: Option.none(),
  clusterCa: Option.none(),
}

const read = (flags: Partial<ClusterFlags>) => Effect.provide(readCluster({ ...none, ...flags }), NodeServices.layer)
const refusal = (flags: Partial<ClusterFlags>) => Effect.map(Effect.flip(read(flags)), ({ message }) => message)

describe("an agent that is no runner", () => {
  it.each<[flags: Partial<ClusterFlags>, expected: string | undefined]>([
    [{}, undefined],
    [{ namespaces: Option.some("AWS") }, "--namespaces is for --cluster HOST:PORT"],
    [{ clusterCa: Option.some("ca.pem") }, "--cluster-ca is for --cluster HOST:PORT"],
    [{ namespaces: Option.some("AWS"), cluster: Option.some("127.0.0.1:7301") }, undefined],
  ])("is given no flag of one: %j", (flags, expected) => {
    assert.strictEqual(objectionWithoutCluster({ ...none, ...flags }), expected)
  })
})

describe("a runner", () => {
  it.effect("is reached by others of this machine without certificates, and has the namespaces that it is given", () =>
    Effect.gen(function* () {
      const options = yield* read({ cluster: Option.some("127.0.0.1:7301"), namespaces: Option.some("AWS, Azure") })
      assert.deepInclude(options, { host: "127.0.0.1", port: 7301, namespaces: ["AWS", "Azure"], tls: undefined })
      assert.isUndefined((yield* read({ cluster: Option.some("[::1]:7301") })).namespaces)
    }),
  )

  it.effect("is refused where other machines could speak as one, where its address is none, and on a file", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal({ cluster: Option.some("10.0.0.1:7301") }),
        "--cluster 10.0.0.1:7301: other machines can reach 10.0.0.1, and without certificates anybody there could speak as a runner. Give --cluster-cert, --cluster-key and --cluster-ca, or use 127.0.0.1",
      )
      assert.include(
        yield* refusal({ cluster: Option.some("10.0.0.1:7301"), clusterCert: Option.some("a.pem") }),
        "are given together",
      )
      assert.include(yield* refusal({ cluster: Option.some("7301") }), "Expected HOST:PORT")
      assert.include(yield* refusal({ cluster: Option.some("127.0.0.1:0") }), "Expected HOST:PORT")
      for (const namespaces of ["AWS,,", "AWS:Azure", "o'clock"].map(Option.some)) {
        assert.include(
          yield* refusal({ cluster: Option.some("127.0.0.1:1"), namespaces }),
          "Expected names, such as AWS,Azure",
        )
      }
      const { message } = yield* Effect.flip(sharedState(".formae/state.db"))
      assert.include(message, "share a state on Postgres, and .formae/state.db is a file of this host")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
