/** How many documents each runner of a cluster gets, by the hashes of the engine. */
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as HashRing from "effect/HashRing"
import { entityIdOf } from "../../src/cluster/placement.ts"
import { shardingConfig } from "../../src/cluster/shardingConfig.ts"

/** The engine does not export it. */
const { hashString }: { readonly hashString: (text: string) => number } = await import(
  new URL("../../node_modules/effect/dist/cluster/internal/hash.js", import.meta.url).href
)

const group = "FakeAWS"
const firstPort = 7301
const { shardsPerGroup } = shardingConfig({ host: "127.0.0.1", port: firstPort, namespaces: [group] })

/** The number of the runner that has each shard, from 0. */
export const ownersOf = (runners: number): ReadonlyArray<number> => {
  const ring = HashRing.make<RunnerAddress.RunnerAddress>()
  for (let index = 0; index < runners; index++) {
    HashRing.add(ring, RunnerAddress.make("127.0.0.1", firstPort + index))
  }
  return (HashRing.getShards(ring, shardsPerGroup) ?? []).map(({ port }) => port - firstPort)
}

/** The shard of a document, from 0. */
export const shardOf = (forma: string): number => Math.abs(hashString(entityIdOf(group, forma)) % shardsPerGroup)

export interface Placement {
  readonly runners: number
  /** How many documents each has, the fewest first. */
  readonly documents: ReadonlyArray<number>
  /** How many documents change their runner when one more comes. */
  readonly moved: number
}

export const placementOf = (runners: number, formae: ReadonlyArray<string>): Placement => {
  const [owners, after] = [ownersOf(runners), ownersOf(runners + 1)]
  const counts = Array.from({ length: runners }, () => 0)
  let moved = 0
  for (const forma of formae) {
    const shard = shardOf(forma)
    const owner = owners[shard] ?? 0
    counts[owner] = (counts[owner] ?? 0) + 1
    if (after[shard] !== owner) moved += 1
  }
  return { runners, documents: counts.toSorted((one, other) => one - other), moved }
}
