/** What the engine of the cluster is configured with. */
import * as Option from "effect/Option"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import { groupsServedBy } from "./placement.ts"
import { defaultTimes, type RunnerTimes } from "./RunnerTimes.ts"

/** Who a runner is, and what it may host. */
export interface RunnerIdentity {
  /** Where other runners reach it. */
  readonly host: string
  readonly port: number
  /** The namespaces whose providers it reaches. */
  readonly namespaces: ReadonlyArray<string>
  readonly times?: RunnerTimes | undefined
}

/** Enough that three runners have about as many each, and so few that to renew their leases is a short statement. */
const shardsPerGroup = 16

export const shardingConfig = ({
  host,
  namespaces,
  port,
  times = defaultTimes,
}: RunnerIdentity): ShardingConfig.ShardingConfig["Service"] => {
  const groups = groupsServedBy(namespaces)
  return {
    ...ShardingConfig.defaults,
    runnerAddress: Option.some(RunnerAddress.make(host, port)),
    availableShardGroups: groups,
    assignedShardGroups: groups,
    shardsPerGroup,
    // The numbers of advisory locks follow from the groups of a runner, and runners have different ones.
    shardLockDisableAdvisory: true,
    shardLockExpiration: times.expirationMillis,
    shardLockRefreshInterval: times.refreshMillis,
    refreshAssignmentsInterval: times.lookMillis,
    entityMessagePollInterval: times.lookMillis,
    runnerHealthCheckInterval: times.healthMillis,
    entityTerminationTimeout: times.handOverMillis,
    // Runners that start together are one change.
    runnerJoinDebounce: times.lookMillis,
    simulateRemoteSerialization: false,
  }
}
