/** The engine of a runner: who has which forma, by leases in the database of the state, and messages that are kept there. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Digest from "effect/crypto/Digest"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Runners from "effect/cluster/Runners"
import type * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SocketRunner from "effect/cluster/SocketRunner"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import type { SocketServerError } from "effect/socket/SocketServer"
import type { SqlError } from "effect/sql/SqlError"
import type { RenewableLease } from "../agent/launch/Lease.ts"
import { agentVersion } from "../agent/version.ts"
import { type ClusterDatabase, layerClusterClient } from "./layerClusterClient.ts"
import { leasedStorage } from "./leasedStorage.ts"
import { defaultTimes } from "./RunnerTimes.ts"
import type { OtherRunners } from "./sameRunners.ts"
import { type HeldAlone, layerSharedLock } from "./shareLock.ts"
import { layerConnecting, layerListening, type RunnerTls } from "./RunnerSockets.ts"
import { type RunnerIdentity, shardingConfig } from "./shardingConfig.ts"
import { sureResets } from "./sureResets.ts"

/** What a runner is. */
export interface RunnerOptions extends RunnerIdentity {
  readonly tls?: RunnerTls | undefined
  /** Is renewed while nobody else can have what this runner has. */
  readonly lease: RenewableLease
  /** Where the state is, and what runners ask each other. */
  readonly database: ClusterDatabase
}

/** Joins the cluster of a state, and leaves it when it closes: what it has is handed over. Fails where nobody can listen at its address. */
export const layerSharding = ({
  database,
  lease,
  tls,
  ...identity
}: RunnerOptions): Layer.Layer<
  MessageStorage.MessageStorage | RunnerStorage.RunnerStorage | Runners.Runners | Sharding.Sharding,
  HeldAlone | OtherRunners | SocketServerError | SqlError
> => {
  const { expirationMillis } = identity.times ?? defaultTimes
  const storage = Layer.effect(
    RunnerStorage.RunnerStorage,
    Effect.map(RunnerStorage.RunnerStorage, (one) => leasedStorage(one, lease, expirationMillis)),
  ).pipe(Layer.provide(SqlRunnerStorage.layer))
  const messages = Layer.effect(
    MessageStorage.MessageStorage,
    Effect.flatMap(MessageStorage.MessageStorage, sureResets),
  ).pipe(Layer.provide(SqlMessageStorage.layer), Layer.provide(Digest.layerWebCrypto))
  const health = RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc))
  return SocketRunner.layer.pipe(
    Layer.provide([health, layerListening(identity, tls)]),
    Layer.provide(layerConnecting(tls)),
    Layer.provideMerge(
      Layer.merge(
        messages,
        // Its tables cannot be made: the message of the database says why.
        Layer.orDie(storage),
      ).pipe(
        Layer.provide(layerSharedLock({ expirationMillis, version: agentVersion })),
        Layer.provide(layerClusterClient(database)),
      ),
    ),
    Layer.provide([ShardingConfig.layer(shardingConfig(identity)), RpcSerialization.layerNdjson]),
  )
}
