/** Where the native ids of AWS types are unique. */
import type { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import { AwsClients } from "./AwsClients.ts"
import { partitionOf, type Target } from "./Target.ts"

/** How far the native ids of a type reach: bucket names are unique in the partition, role names in the account. */
export type Scope = "partition" | "account" | "region"

export interface Place {
  readonly partition: string
  /** Undefined on an emulator that cannot say. */
  readonly account: string | undefined
  readonly region: string
}

/** Asks for the account once per target. */
export const placeOf = (target: Target): Effect.Effect<Place, ProviderError, AwsClients> =>
  Effect.gen(function* () {
    const account = yield* (yield* AwsClients).account(target)
    return { partition: partitionOf(target), account, region: target.region }
  })

export const formatPlace = ({ account = "", partition, region }: Place, scope: Scope): string => {
  switch (scope) {
    case "partition":
      return partition
    case "account":
      return `${partition}:${account}`
    case "region":
      return `${partition}:${account}:${region}`
  }
}

/** What a document may put into text. */
export const factsOf = ({ account, partition, region }: Place): Readonly<Record<string, string>> => ({
  ...(account === undefined ? {} : { accountId: account }),
  partition,
  region,
})
