/** Azure::DocumentDB::SqlContainer. Its native id is `database/container`. */
import type { ContainerDefinition, CosmosClient, PartitionKeyKind } from "@azure/cosmos"
import { Answer, defineResource, Patch, Property, type ProviderError, returned } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients } from "../AzureClients.ts"
import { nestedPage } from "../Pages.ts"
import { CosmosTarget, factsOf } from "../Target.ts"
import { unmarkedCreate } from "../unmarkedCreate.ts"
import { defaultIndexingPolicy, IndexingPolicy, indexingPolicyOf, servicePolicyOf } from "./IndexingPolicy.ts"
import { CosmosName, databasePage, pageOptions } from "./SqlDatabase.ts"

const Paths = Schema.NonEmptyArray(Schema.String.check(Schema.isPattern(/^\//u, { message: "Expected a path" })))

const properties = Schema.Struct({
  DatabaseName: Property.createOnly(CosmosName),
  Name: Property.named({ letters: "any", separator: "-", maxLength: 255 })(CosmosName),
  /** One path, or up to three for a hierarchical key. */
  PartitionKeyPaths: Property.createOnly(Paths.check(Schema.isMaxLength(3))),
  UniqueKeys: Schema.optionalKey(Schema.NonEmptyArray(Schema.Struct({ paths: Property.unordered(Paths) }))).pipe(
    Property.createOnly,
    Property.unordered,
  ),
  /** In seconds. With -1 items expire only if they have a time to live of their own. */
  DefaultTtl: Schema.optionalKey(
    Schema.Int.check(Schema.makeFilter((ttl) => ttl === -1 || ttl > 0 || "Expected -1 or a number of seconds")),
  ),
  IndexingPolicy: Schema.optionalKey(IndexingPolicy),
})

const describe = Effect.fnUntraced(function* (
  target: CosmosTarget,
  nativeId: string,
): Effect.fn.Return<Properties, ProviderError, AzureClients> {
  const cosmos = (yield* AzureClients).cosmos(target)
  const { resource } = yield* cosmos((client, options) => containerOf(client, nativeId).read(options))
  return propertiesOf(nativeId, resource)
})

const propertiesOf = (nativeId: string, resource: ContainerDefinition | undefined): Properties => {
  const uniqueKeys = resource?.uniqueKeyPolicy?.uniqueKeys ?? []
  const [DatabaseName, Name] = nativeId.split("/")
  return returned({
    DatabaseName,
    Name,
    PartitionKeyPaths: resource?.partitionKey?.paths,
    UniqueKeys: uniqueKeys.length === 0 ? undefined : uniqueKeys.map(({ paths }) => ({ paths: [...paths] })),
    DefaultTtl: resource?.defaultTtl,
    IndexingPolicy: resource?.indexingPolicy && indexingPolicyOf(resource.indexingPolicy),
  })
}

export const SqlContainer = defineResource({
  type: "Azure::DocumentDB::SqlContainer",
  properties,
  target: CosmosTarget,
  identify: ({ properties: { DatabaseName: parent, Name }, target }) =>
    Effect.succeed({
      nativeId: parent === undefined || Name === undefined ? undefined : `${parent}/${Name}`,
      facts: factsOf(target),
    }),
  ...unmarkedCreate<typeof properties.Type, CosmosTarget>({
    type: "Azure::DocumentDB::SqlContainer",
    properties,
    nativeId: ({ DatabaseName, Name }) => `${DatabaseName}/${Name}`,
    placeOf: ({ cosmosEndpoint }) => cosmosEndpoint,
    create: Effect.fnUntraced(function* (target, wanted) {
      const cosmos = (yield* AzureClients).cosmos(target)
      yield* cosmos((client, options) =>
        client.database(wanted.DatabaseName).containers.create(definitionOf(wanted), options),
      )
    }),
    describe,
    delete: Effect.fnUntraced(function* (target, nativeId) {
      const cosmos = (yield* AzureClients).cosmos(target)
      yield* cosmos((client, options) => containerOf(client, nativeId).delete(options))
    }),
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const cosmos = (yield* AzureClients).cosmos(target)
    // The whole definition is replaced, so settings that this type does not know are kept.
    const { container, resource } = yield* cosmos((client, options) => containerOf(client, nativeId).read(options))
    const { defaultTtl: ttl, ...rest } = { ...resource, id: container.id }
    const policy = Patch.wanted({ desired, patch }, "IndexingPolicy", defaultIndexingPolicy)
    const defaultTtl = Patch.isChanged(patch, "DefaultTtl") ? desired.DefaultTtl : ttl
    const definition = {
      ...rest,
      ...(policy === undefined ? {} : { indexingPolicy: servicePolicyOf(policy) }),
      ...(defaultTtl === undefined ? {} : { defaultTtl }),
    }
    // The answer has the definition as the service keeps it.
    const { resource: replaced } = yield* cosmos((client, options) =>
      containerOf(client, nativeId).replace(definition, options),
    )
    return Answer.succeeded({ nativeId, properties: propertiesOf(nativeId, replaced) })
  }),
  list: Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
    const cosmos = (yield* AzureClients).cosmos(target)
    return yield* nestedPage(pageToken, {
      containers: (token) => databasePage(cosmos, 1, token),
      items: (database, token) =>
        Effect.map(
          cosmos((client, options) =>
            client
              .database(database)
              .containers.readAll({ ...options, ...pageOptions(pageSize, token) })
              .fetchNext(),
          ),
          (page) => ({ names: page.resources.map(({ id }) => id), next: page.continuationToken }),
        ),
    })
  }),
})

const containerOf = (client: CosmosClient, nativeId: string) => {
  const [database = "", container = ""] = nativeId.split("/")
  return client.database(database).container(container)
}

const definitionOf = (wanted: typeof properties.Type) => ({
  id: wanted.Name,
  partitionKey: {
    paths: [...wanted.PartitionKeyPaths],
    kind: (wanted.PartitionKeyPaths.length > 1 ? "MultiHash" : "Hash") as PartitionKeyKind,
    version: 2,
  },
  ...(wanted.UniqueKeys && {
    uniqueKeyPolicy: { uniqueKeys: wanted.UniqueKeys.map(({ paths }) => ({ paths: [...paths] })) },
  }),
  ...(wanted.DefaultTtl === undefined ? {} : { defaultTtl: wanted.DefaultTtl }),
  ...(wanted.IndexingPolicy && { indexingPolicy: servicePolicyOf(wanted.IndexingPolicy) }),
})
