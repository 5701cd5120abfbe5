/** Azure::Storage::Queue. Its native id is its name. */
import type { QueueServiceClient } from "@azure/storage-queue"
import { Answer, defineResource, knownTokens, Property, type ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients, type Service } from "../AzureClients.ts"
import * as Metadata from "../Metadata.ts"
import { createOnce, type Described, recoverByMetadata } from "../Ownership.ts"
import { firstPage, pageOf, pageSettings } from "../Pages.ts"
import { publicUrl } from "../publicUrl.ts"
import { StorageTarget } from "../Target.ts"

const QueueName = Schema.String.check(
  Schema.isPattern(/^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/u, { message: "Expected the name of a queue" }),
)

export const Queue = defineResource({
  type: "Azure::Storage::Queue",
  properties: Schema.Struct({
    Name: Property.createOnly(QueueName),
    Metadata: Schema.optionalKey(Metadata.Metadata),
    Url: Property.output(Schema.String),
  }),
  target: StorageTarget,
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const queues = (yield* AzureClients).queues(target)
    const nativeId = properties.Name
    const metadata = Metadata.withOperation(properties.Metadata, operationId)
    return Answer.succeeded(
      yield* createOnce({
        nativeId,
        operationId,
        // Succeeds as well where there is one with the very same metadata: then this operation made it.
        create: queues((client, options) => client.getQueueClient(nativeId).create({ ...options, metadata })),
        describe: describe(queues, nativeId),
      }),
    )
  }),
  recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const queues = (yield* AzureClients).queues(target)
    return yield* recoverByMetadata(operationId, describe(queues, properties.Name))
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    return (yield* describe((yield* AzureClients).queues(target), nativeId)).properties
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const queues = (yield* AzureClients).queues(target)
    const metadata = Metadata.changed((yield* describe(queues, nativeId)).metadata, { desired, patch })
    if (metadata !== undefined) {
      yield* queues((client, options) => client.getQueueClient(nativeId).setMetadata(metadata, options))
    }
    return Answer.succeeded(yield* describe(queues, nativeId))
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const queues = (yield* AzureClients).queues(target)
    yield* queues((client, options) => client.getQueueClient(nativeId).delete(options))
    return Answer.deleted(nativeId)
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

const describe = (queues: Service<QueueServiceClient>, nativeId: string): Effect.Effect<Described, ProviderError> =>
  queues((client, options) => {
    const queue = client.getQueueClient(nativeId)
    return queue.getProperties(options).then(({ metadata }) => ({
      nativeId,
      metadata,
      properties: returned({ Name: nativeId, Metadata: Metadata.visible(metadata), Url: publicUrl(queue.url) }),
    }))
  })
