/** The storage of a runner that tells for how long the runner may act: as long as nobody else can have what it has. */
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Effect from "effect/Effect"
import type { RenewableLease } from "../agent/launch/Lease.ts"

type Moment = ReturnType<RenewableLease["now"]>
type Storage = RunnerStorage.RunnerStorage["Service"]

/** A shard is free `expirationMillis` after it was last acquired or refreshed. The lease goes by the one that is free first. */
export const leasedStorage = (
  storage: Storage,
  { leftOf, now, renewBy }: Pick<RenewableLease, "leftOf" | "now" | "renewBy">,
  expirationMillis: number,
): Storage => {
  /** When each shard of this runner was asked for the last time, as far as it was given. */
  const held = new Map<string, Moment>()
  /** When those were asked for that may be given now. */
  const acquiring = new Set<Moment>()
  /** Of each refresh that has no answer yet: what was released meanwhile. Its answer may say that it was kept, and nobody refreshes it any more. */
  const refreshing = new Set<Set<string>>()
  const released = (shards: Iterable<string>) => {
    for (const shard of shards) {
      held.delete(shard)
      for (const meanwhile of refreshing) meanwhile.add(shard)
    }
  }
  return RunnerStorage.RunnerStorage.of({
    ...storage,
    acquire: (address, shards) =>
      Effect.suspend(() => {
        const askedAt = now()
        acquiring.add(askedAt)
        return storage.acquire(address, shards).pipe(
          Effect.tap((acquired) =>
            Effect.sync(() => {
              for (const shard of acquired) held.set(shard.toString(), askedAt)
            }),
          ),
          Effect.ensuring(Effect.sync(() => acquiring.delete(askedAt))),
        )
      }),
    refresh: (address, given) =>
      Effect.suspend(() => {
        const shards = [...given]
        const asked = new Set(shards.map((shard) => shard.toString()))
        const askedAt = now()
        const others = [...held].flatMap(([shard, moment]) => (asked.has(shard) ? [] : [moment]))
        const left = [...others, ...acquiring].map((moment) => leftOf(moment, expirationMillis))
        const meanwhile = new Set<string>()
        refreshing.add(meanwhile)
        return renewBy(Math.min(expirationMillis, ...left), storage.refresh(address, shards)).pipe(
          Effect.tap((kept) =>
            Effect.sync(() => {
              for (const shard of asked) held.delete(shard)
              for (const shard of kept) if (!meanwhile.has(shard.toString())) held.set(shard.toString(), askedAt)
            }),
          ),
          Effect.ensuring(Effect.sync(() => refreshing.delete(meanwhile))),
        )
      }),
    release: (address, shard) =>
      Effect.tap(storage.release(address, shard), () => Effect.sync(() => released([shard.toString()]))),
    releaseAll: (address) => Effect.tap(storage.releaseAll(address), () => Effect.sync(() => released(held.keys()))),
  })
}
