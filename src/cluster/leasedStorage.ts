/** The storage of a runner that tells for how long the runner may act: as long as nobody else can have what it has. */
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Effect from "effect/Effect"
import type { RenewableLease } from "../agent/launch/Lease.ts"

type Moment = ReturnType<RenewableLease["now"]>
type Storage = RunnerStorage.RunnerStorage["Service"]

/** A shard is free `expirationMillis` after it was last acquired or refreshed. The lease goes by the one that is free first. */
export const leasedStorage = (
  storage: Storage,
  { now, renewFrom }: Pick<RenewableLease, "now" | "renewFrom">,
  expirationMillis: number,
): Storage => {
  /** When each shard of this runner was asked for the last time, as far as it was given. */
  const held = new Map<string, Moment>()
  /** When those were asked for that may be given now. */
  const acquiring = new Set<Moment>()
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
        const askedAt = now()
        return Effect.tap(storage.refresh(address, shards), (kept) =>
          Effect.sync(() => {
            for (const shard of shards) held.delete(shard.toString())
            for (const shard of kept) held.set(shard.toString(), askedAt)
            renewFrom([askedAt, ...held.values(), ...acquiring], expirationMillis)
          }),
        )
      }),
    release: (address, shard) =>
      Effect.tap(storage.release(address, shard), () => Effect.sync(() => held.delete(shard.toString()))),
    releaseAll: (address) => Effect.tap(storage.releaseAll(address), () => Effect.sync(() => held.clear())),
  })
}
