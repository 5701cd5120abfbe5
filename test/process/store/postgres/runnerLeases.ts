/** What the engine of the cluster keeps in the database of runners: who has which shard, and until when. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Runner from "effect/cluster/Runner"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as ShardId from "effect/cluster/ShardId"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import { groupsServedBy } from "../../../../src/cluster/placement.ts"
import { shardingConfig } from "../../../../src/cluster/shardingConfig.ts"
import { asAdministrator, layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import { password, type TestPostgres } from "../../../postgres/startPostgres.ts"

/** A runner that has said that it is there. */
const register = Effect.fnUntraced(function* (
  server: TestPostgres,
  schema: string,
  port: number,
  namespaces: ReadonlyArray<string>,
) {
  const identity = { host: "127.0.0.1", port, namespaces }
  const config = shardingConfig(identity)
  const storage = SqlRunnerStorage.layer.pipe(
    Layer.provide([ShardingConfig.layer(config), layerIn(server, schema)]),
    Layer.fresh,
    Layer.build,
  )
  const { acquire, getRunners, register: enter } = Context.get(yield* storage, RunnerStorage.RunnerStorage)
  const address = RunnerAddress.make(identity.host, port)
  yield* enter(new Runner.Runner({ address, groups: groupsServedBy(namespaces), weight: 1 }), true)
  return {
    take: (shards: ReadonlyArray<ShardId.ShardId>) => acquire(address, shards),
    ports: Effect.map(getRunners, (all) => all.map(([runner]) => runner.address.port)),
    shardsPerGroup: config.shardsPerGroup,
  }
})

export const runnerLeases = (server: TestPostgres) =>
  describe("the leases of runners in Postgres", () => {
    it.live("hold whatever time zone the sessions of each are given", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const role = `runner_${schema}`
        const byRole = { ...server, urlOf: (name: string) => server.urlOf(name).replace("shop:", `${role}:`) }
        const administrate = (statement: string) => asAdministrator(server, (sql) => sql.unsafe(statement))
        yield* administrate(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`)
        yield* administrate(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`)
        const shard = ShardId.make("Notes", 1)
        const one = yield* register(byRole, schema, 7301, ["Notes"])
        assert.lengthOf(yield* one.take([shard]), 1)
        // As at the beginning and the end of summer time, for sessions that were there before.
        for (const zone of ["Asia/Tokyo", "America/New_York"]) {
          yield* administrate(`ALTER ROLE ${role} SET timezone = '${zone}'`)
          const other = yield* register(byRole, schema, 7302, ["Notes"])
          assert.sameMembers(yield* other.ports, [7301, 7302], zone)
          assert.deepEqual(yield* other.take([shard]), [], zone)
        }
      }).pipe(Effect.scoped),
    )

    it.live("are given for each document, however many namespaces a runner hosts", () =>
      Effect.gen(function* () {
        const many = ["AWS", "Azure", "Cloudflare", "Datadog", "DigitalOcean", "GoogleCloud", "Kubernetes", "PagerDuty"]
        const { shardsPerGroup, take } = yield* register(server, newSchema(), 7301, many)
        const shards = groupsServedBy(many).map((group) => ShardId.make(group, shardsPerGroup))
        assert.lengthOf(yield* take(shards), shards.length)
      }).pipe(Effect.scoped),
    )
  })
