/** What an agent has that is a runner: a part of a state, and commands that run on the runner of their forma. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { makeLease } from "../../agent/launch/Lease.ts"
import { KeyRotation } from "../../agent/records/KeyRotation.ts"
import { shownState } from "../../agent/store/postgres/PostgresAddress.ts"
import { VaultUnavailable } from "../../agent/store/VaultUnavailable.ts"
import { layerRunner, layerRunnerLog, makeRunnerShares, runnerName, whyNotListening } from "../../cluster/index.ts"
import { badInput } from "../CommandFailure.ts"
import type { ClusterFlags } from "./clusterFlags.ts"
import { readCluster } from "./readCluster.ts"
import { sharedState } from "./sharedState.ts"

/** The other runners would go on with the key that they have. */
const layerNoRotation = Layer.succeed(KeyRotation, {
  rotate: Effect.fail(
    new VaultUnavailable({
      reason: "the runners of a cluster share the key, and it is not changed while one of them runs",
      remedy: 'Stop all runners, run "formae state rotate-key" on one host, and copy the new key file to the others',
    }),
  ),
})

/** Fails where the agent could not be a runner. */
export const clusterState = Effect.fnUntraced(function* (
  flags: ClusterFlags,
  state: string,
  driftMillis: number | undefined,
) {
  const options = yield* readCluster(flags)
  const database = yield* sharedState(state)
  const lease = yield* makeLease
  const shares = yield* makeRunnerShares(runnerName(options))
  const { feed, given, nodes, quarantines, records, requests } = layerRunner({
    ...options,
    driftMillis,
    lease,
    shares,
    database,
  })
  return {
    lease: lease.lease,
    shares: shares.shares,
    log: layerRunnerLog(shownState(state)),
    given,
    nodes,
    feed,
    quarantines,
    records,
    requests: Layer.merge(requests, layerNoRotation).pipe(
      Layer.catchTag(["HeldAlone", "OtherRunners"], ({ message }) =>
        Layer.effectContext(badInput("ClusterRefused", message)),
      ),
      Layer.catchTag("SocketServerError", (error) =>
        Layer.effectContext(
          badInput(
            "ClusterRefused",
            `Other runners cannot reach this one at ${runnerName(options)}: ${whyNotListening(error)}. Give this runner another address with --cluster`,
          ),
        ),
      ),
    ),
  }
})
