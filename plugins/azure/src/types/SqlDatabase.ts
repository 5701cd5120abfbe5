/** Azure::DocumentDB::SqlDatabase. Its native id is its name. */
import type { CosmosClient } from "@azure/cosmos"
import { defineResource, knownTokens, Property } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients, type Service } from "../AzureClients.ts"
import { pageOf } from "../Pages.ts"
import { CosmosTarget, factsOf } from "../Target.ts"
import { unmarkedCreate } from "../unmarkedCreate.ts"

export const CosmosName = Schema.String.check(
  Schema.isPattern(/^[^/\\?#]{0,254}[^/\\?# ]$/u, {
    message: "Expected a name of up to 255 characters, without / \\ ? # and without a space at the end",
  }),
)

const properties = Schema.Struct({
  Name: Property.named({ letters: "any", separator: "-", maxLength: 255 })(CosmosName),
})

export const SqlDatabase = defineResource({
  type: "Azure::DocumentDB::SqlDatabase",
  properties,
  target: CosmosTarget,
  identify: ({ properties: { Name }, target }) => Effect.succeed({ nativeId: Name, facts: factsOf(target) }),
  ...unmarkedCreate<typeof properties.Type, CosmosTarget>({
    type: "Azure::DocumentDB::SqlDatabase",
    properties,
    nativeId: ({ Name }) => Name,
    placeOf: ({ cosmosEndpoint }) => cosmosEndpoint,
    create: Effect.fnUntraced(function* (target, { Name }) {
      const cosmos = (yield* AzureClients).cosmos(target)
      yield* cosmos((client, options) => client.databases.create({ id: Name }, options))
    }),
    describe: Effect.fnUntraced(function* (target, nativeId) {
      const cosmos = (yield* AzureClients).cosmos(target)
      yield* cosmos((client, options) => client.database(nativeId).read(options))
      return { Name: nativeId }
    }),
    delete: Effect.fnUntraced(function* (target, nativeId) {
      const cosmos = (yield* AzureClients).cosmos(target)
      yield* cosmos((client, options) => client.database(nativeId).delete(options))
    }),
  }),
  list: knownTokens(
    Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
      return pageOf(yield* databasePage((yield* AzureClients).cosmos(target), pageSize, pageToken))
    }),
  ),
})

export const databasePage = (
  cosmos: Service<CosmosClient>,
  maxItemCount: number | undefined,
  continuationToken: string | undefined,
) =>
  Effect.map(
    cosmos((client, options) =>
      client.databases.readAll({ ...options, ...pageOptions(maxItemCount, continuationToken) }).fetchNext(),
    ),
    (page) => ({ names: page.resources.map(({ id }) => id), next: page.continuationToken }),
  )

/** The SDK's types do not accept undefined. */
export const pageOptions = (maxItemCount: number | undefined, continuationToken: string | undefined) => ({
  ...(maxItemCount === undefined ? {} : { maxItemCount }),
  ...(continuationToken === undefined ? {} : { continuationToken }),
})
