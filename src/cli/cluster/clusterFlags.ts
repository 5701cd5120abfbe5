/** The flags of `formae agent` that make it a runner of a cluster. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { textFlag } from "../textFlag.ts"

export const clusterFlags = {
  cluster: textFlag("cluster").pipe(
    Flag.withMetavar("HOST:PORT"),
    Flag.withDescription(
      "Be a runner of a cluster, over a state on Postgres. Other runners reach this one at HOST:PORT. An address that other machines can reach needs --cluster-cert, --cluster-key and --cluster-ca",
    ),
    Flag.optional,
  ),
  namespaces: textFlag("namespaces").pipe(
    Flag.withMetavar("NAMES"),
    Flag.withDescription(
      "The namespaces whose providers this runner can reach, such as AWS,Azure (default: those of its plugins)",
    ),
    Flag.optional,
  ),
  clusterCert: textFlag("cluster-cert").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The certificate that a runner shows to others, in PEM"),
    Flag.optional,
  ),
  clusterKey: textFlag("cluster-key").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The key of --cluster-cert, in PEM"),
    Flag.optional,
  ),
  clusterCa: textFlag("cluster-ca").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("The certificate of the authority that signs those of all runners, in PEM"),
    Flag.optional,
  ),
}

export interface ClusterFlags {
  readonly cluster: Option.Option<string>
  readonly namespaces: Option.Option<string>
  readonly clusterCert: Option.Option<string>
  readonly clusterKey: Option.Option<string>
  readonly clusterCa: Option.Option<string>
}

/** What is wrong with the flags of an agent that is no runner. Undefined where nothing is. */
export const objectionWithoutCluster = (flags: ClusterFlags): string | undefined => {
  if (Option.isSome(flags.cluster)) return undefined
  const { clusterCa, clusterCert, clusterKey, namespaces } = flags
  const ofRunner = {
    "--namespaces": namespaces,
    "--cluster-cert": clusterCert,
    "--cluster-key": clusterKey,
    "--cluster-ca": clusterCa,
  }
  const given = Object.entries(ofRunner).find(([, value]) => Option.isSome(value))
  return given === undefined ? undefined : `${given[0]} is for --cluster HOST:PORT`
}
