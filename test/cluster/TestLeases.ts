/** The storage of runners for tests: leases by Effect's clock, which a test can cut off for one runner. */
import * as Clock from "effect/Clock"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as Effect from "effect/Effect"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import type { Link } from "./TestNetwork.ts"

interface Lease {
  readonly address: string
  readonly at: number
}

/** `expirationMillis` after its last refresh a lease is free. */
export const makeTestLeases = (expirationMillis: number) => {
  const leases = new Map<string, Lease>()
  const runners = new Map<string, { readonly runner: string; readonly healthy: boolean; readonly at: number }>()
  let machines = 0

  const isLive = (at: number, now: number) => now - at < expirationMillis

  const storage = (link: Link): RunnerStorage.RunnerStorage["Service"] => {
    const reach = <A>(use: (now: number) => A): Effect.Effect<A, PersistenceError> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => link.through(Effect.sync(() => use(now)))).pipe(
        Effect.catchTag("LinkCut", (cause) => Effect.fail(new PersistenceError({ cause }))),
      )
    return RunnerStorage.makeEncoded({
      getRunners: reach((now) =>
        [...runners.values()].flatMap(({ at, healthy, runner }) =>
          isLive(at, now) ? [[runner, healthy] as const] : [],
        ),
      ),
      register: (address, runner, healthy) =>
        reach((at) => {
          runners.set(address, { runner, healthy, at })
          machines += 1
          return machines
        }),
      unregister: (address) => reach(() => void runners.delete(address)),
      setRunnerHealth: (address, healthy) =>
        reach(() => {
          const found = runners.get(address)
          if (found !== undefined) runners.set(address, { ...found, healthy })
        }),
      acquire: (address, shards) =>
        reach((now) =>
          shards.filter((shard) => {
            const lease = leases.get(shard)
            if (lease !== undefined && lease.address !== address && isLive(lease.at, now)) return false
            leases.set(shard, { address, at: now })
            return true
          }),
        ),
      refresh: (address, shards) =>
        reach((now) => {
          const found = runners.get(address)
          if (found !== undefined) runners.set(address, { ...found, at: now })
          return shards.filter((shard) => {
            if (leases.get(shard)?.address !== address) return false
            leases.set(shard, { address, at: now })
            return true
          })
        }),
      release: (address, shard) =>
        reach(() => {
          if (leases.get(shard)?.address === address) leases.delete(shard)
        }),
      releaseAll: (address) =>
        reach(() => {
          for (const [shard, lease] of leases) if (lease.address === address) leases.delete(shard)
        }),
    })
  }

  return { storage, ownerOf: (shard: string) => leases.get(shard)?.address }
}
