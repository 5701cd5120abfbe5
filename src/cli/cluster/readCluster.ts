/** What the flags of a runner say, checked before anything is opened. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { HostEnvironment } from "../../agent/index.ts"
import {
  type JoinOptions,
  objectionToSockets,
  type RunnerTimes,
  type RunnerTls,
  fastTimes,
} from "../../cluster/index.ts"
import { parseAddress } from "../../platform/hosts.ts"
import { Namespace } from "../../protocol/Identity.ts"
import { badInput } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"
import type { ClusterFlags } from "./clusterFlags.ts"

/** Chooses times for a network and a database that answer at once. All runners of a cluster have the same. */
export const timesVariable = "FORMAE_CLUSTER_TIMES"

const refuse = (message: string) => badInput("ClusterRefused", message)

const isNamespace = Schema.is(Namespace)

const readTls = Effect.fnUntraced(function* ({ clusterCa, clusterCert, clusterKey }: ClusterFlags) {
  const given = [clusterCert, clusterKey, clusterCa].filter(Option.isSome)
  if (given.length === 0) return undefined
  const [cert, key, ca] = given
  if (cert === undefined || key === undefined || ca === undefined) {
    return yield* refuse(
      "--cluster-cert, --cluster-key and --cluster-ca are given together: a runner shows its certificate, and checks those of others",
    )
  }
  return {
    cert: yield* readInput("certificate", cert.value),
    key: yield* readInput("key", key.value),
    ca: yield* readInput("certificate", ca.value),
  } satisfies RunnerTls as RunnerTls
})

const readTimes = Effect.gen(function* () {
  const text = (yield* HostEnvironment)[timesVariable]
  if (text === undefined || text === "" || text === "default") return undefined
  if (text === "fast") return fastTimes satisfies RunnerTimes as RunnerTimes
  return yield* refuse(`${timesVariable}: Expected default or fast`)
})

/** Fails where others could not reach the runner, or anybody could speak as one. */
export const readCluster = Effect.fnUntraced(function* (flags: ClusterFlags) {
  const { cluster, namespaces } = flags
  const text = Option.getOrElse(cluster, () => "")
  const address = parseAddress(text)
  if (address === undefined || address.port === 0) {
    return yield* refuse(`--cluster ${text}: Expected HOST:PORT, such as 127.0.0.1:7001`)
  }
  const tls = yield* readTls(flags)
  const objection = objectionToSockets(address.host, tls)
  if (objection !== undefined) {
    return yield* refuse(
      `--cluster ${text}: ${objection}. Give --cluster-cert, --cluster-key and --cluster-ca, or use 127.0.0.1`,
    )
  }
  const named = Option.map(namespaces, (names) => names.split(",").map((name) => name.trim()))
  if (Option.isSome(named) && !named.value.every(isNamespace)) {
    return yield* refuse(`--namespaces ${Option.getOrElse(namespaces, () => "")}: Expected names, such as AWS,Azure`)
  }
  return {
    ...address,
    tls,
    times: yield* readTimes,
    namespaces: Option.getOrUndefined(named),
  } satisfies Omit<JoinOptions, "database" | "lease" | "shares">
})
