/** Azure::Storage::Queue. Its native id is its name. */
import type { QueueServiceClient } from "@azure/storage-queue"
import { Answer, defineResource, knownTokens, Property, type ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients, type Service } from "../AzureClients.ts"
import { markedCreate } from "../markedCreate.ts"
import * as Metadata from "../Metadata.ts"
import { MetadataKeys } from "../MetadataKeys.ts"
import type { Description } from "../Ownership.ts"
import { firstPage, pageOf, pageSettings } from "../Pages.ts"
import { publicUrl } from "../publicUrl.ts"
import { factsOf, placeOfStorage, StorageTarget } from "../Target.ts"

const QueueName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u, { message: "Expected the name of a queue" }),
  Schema.isMinCodePoints(3, { message: "Expected the name of a queue" }),
  Schema.isMaxCodePoints(63, { message: "Expected the name of a queue" }),
)

const properties = Schema.Struct({
  Name: Property.named({ letters: "lower", separator: "-", maxLength: 63 })(QueueName),
  Metadata: Metadata.property,
  Url: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* (
  queues: Service<QueueServiceClient>,
  nativeId: string,
): Effect.fn.Return<Description, ProviderError> {
  const keys = yield* MetadataKeys
  return yield* queues((client, options) => {
    const queue = client.getQueueClient(nativeId)
    return queue.getProperties(options).then(({ metadata }) => ({
      nativeId,
      metadata,
      properties: returned({ Name: nativeId, Metadata: Metadata.visible(metadata, keys), Url: publicUrl(queue.url) }),
    }))
  })
})

export const Queue = defineResource({
  type: "Azure::Storage::Queue",
  properties,
  target: StorageTarget,
  identify: ({ properties: { Name }, target }) =>
    Effect.succeed({ place: placeOfStorage(target), nativeId: Name, facts: factsOf(target) }),
  ...markedCreate<typeof properties.Type, QueueServiceClient>({
    client: ({ queues }, target) => queues(target),
    nativeId: ({ Name }) => Name,
    // Also succeeds if a queue with exactly this metadata exists: then this operation created it.
    create: (queues, { Name }, metadata) =>
      queues((client, options) => client.getQueueClient(Name).create({ ...options, metadata })),
    describe,
    delete: (queues, nativeId) => queues((client, options) => client.getQueueClient(nativeId).delete(options)),
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const queues = (yield* AzureClients).queues(target)
    const present = yield* describe(queues, nativeId)
    const keys = yield* MetadataKeys
    const metadata = yield* Metadata.changed(present.metadata, { desired, patch }, keys)
    if (metadata === undefined) return Answer.succeeded(present)
    yield* queues((client, options) => client.getQueueClient(nativeId).setMetadata(metadata, options))
    // The service has accepted it as it is, and nothing else changes with it.
    const properties = returned({ ...present.properties, Metadata: Metadata.visible(metadata, keys) })
    return Answer.succeeded({ nativeId, properties })
  }),
  list: knownTokens(
    Effect.fnUntraced(function* ({ pageSize: maxPageSize, pageToken: continuationToken, target }) {
      const queues = (yield* AzureClients).queues(target)
      const page = yield* queues((client, options) =>
        firstPage(client.listQueues(options).byPage(pageSettings(maxPageSize, continuationToken))),
      )
      return pageOf({ names: (page?.queueItems ?? []).map(({ name }) => name), next: page?.continuationToken })
    }),
  ),
})
