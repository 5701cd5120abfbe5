/** The storage of a runner that tells for how long the runner may act: as long as nobody else can have what it has. */
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Effect from "effect/Effect"
import type { RenewableLease } from "../agent/launch/Lease.ts"

type Storage = RunnerStorage.RunnerStorage["Service"]

/** What a runner has is free `expirationMillis` after it was last refreshed. To refresh a part of it renews nothing. */
export const leasedStorage = (storage: Storage, { renewBy }: RenewableLease, expirationMillis: number): Storage => {
  const held = new Set<string>()
  return RunnerStorage.RunnerStorage.of({
    ...storage,
    acquire: (address, shards) =>
      Effect.tap(storage.acquire(address, shards), (acquired) =>
        Effect.sync(() => {
          for (const shard of acquired) held.add(shard.toString())
        }),
      ),
    refresh: (address, given) => {
      const shards = [...given]
      const asked = new Set(shards.map((shard) => shard.toString()))
      const isWhole = () => [...held].every((shard) => asked.has(shard))
      return renewBy(expirationMillis, storage.refresh(address, shards), isWhole).pipe(
        Effect.tap((kept) =>
          Effect.sync(() => {
            for (const shard of asked) held.delete(shard)
            for (const shard of kept) held.add(shard.toString())
          }),
        ),
      )
    },
    release: (address, shard) =>
      Effect.tap(storage.release(address, shard), () => Effect.sync(() => held.delete(shard.toString()))),
    releaseAll: (address) => Effect.tap(storage.releaseAll(address), () => Effect.sync(() => held.clear())),
  })
}
