/** Azure::Storage::Blob: a block blob of text. Its native id is `container/name`. */
import { Answer, defineResource, Patch, Property } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients } from "../AzureClients.ts"
import * as Metadata from "../Metadata.ts"
import { createOnce, recoverByMetadata } from "../Ownership.ts"
import { firstPage, pageOfNested, pageSettings } from "../Pages.ts"
import { StorageTarget } from "../Target.ts"
import { ContainerName, containerPage } from "./BlobContainer.ts"
import { blobOf, describe, headOf, maxBytes, put } from "./BlobContent.ts"

const properties = Schema.Struct({
  ContainerName: Property.createOnly(ContainerName),
  Name: Property.createOnly(Schema.NonEmptyString.check(Schema.isMaxLength(1024))),
  Content: Schema.String.check(
    Schema.makeFilter((text) => Buffer.byteLength(text) <= maxBytes || "Expected no more than 1 MiB of text"),
  ),
  ContentType: Schema.optionalKey(Schema.NonEmptyString),
  Metadata: Schema.optionalKey(Metadata.Metadata),
  Url: Property.output(Schema.String),
})

export const Blob = defineResource({
  type: "Azure::Storage::Blob",
  properties,
  target: StorageTarget,
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    const nativeId = nativeIdOf(properties)
    const metadata = Metadata.withOperation(properties.Metadata, operationId)
    // An upload would replace what is there.
    const upload = { ...properties, metadata, conditions: { ifNoneMatch: "*" } }
    return Answer.succeeded(
      yield* createOnce({
        nativeId,
        operationId,
        create: put(blobs, nativeId, upload),
        describe: describe(blobs, nativeId),
      }),
    )
  }),
  recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    return yield* recoverByMetadata(operationId, describe(blobs, nativeIdOf(properties)))
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    return (yield* describe((yield* AzureClients).blobs(target), nativeId)).properties
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    const { etag, metadata: present, type } = yield* headOf(blobs, nativeId)
    const metadata = Metadata.changed(present, { desired, patch }) ?? present ?? {}
    const ContentType = desired.ContentType ?? (Patch.isRemoved(patch, "ContentType") ? undefined : type)
    // All of it is set at once, and never on top of a change that was made in between.
    const upload = { Content: desired.Content, metadata, ...(ContentType === undefined ? {} : { ContentType }) }
    yield* put(blobs, nativeId, { ...upload, conditions: { ifMatch: etag } })
    return Answer.succeeded(yield* describe(blobs, nativeId))
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    yield* blobs((client, options) => blobOf(client, nativeId).delete({ ...options, deleteSnapshots: "include" }))
    return Answer.deleted(nativeId)
  }),
  list: Effect.fnUntraced(function* ({ pageSize: maxPageSize, pageToken, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    return yield* pageOfNested(pageToken, {
      containers: (token) => containerPage(blobs, 1, token),
      items: (container, continuationToken) =>
        Effect.map(
          blobs((client, options) =>
            firstPage(
              client
                .getContainerClient(container)
                .listBlobsFlat(options)
                .byPage(pageSettings(maxPageSize, continuationToken)),
            ),
          ),
          (page) => ({ names: (page?.segment.blobItems ?? []).map(({ name }) => name), next: page?.continuationToken }),
        ),
    })
  }),
})

const nativeIdOf = (blob: typeof properties.Type) => `${blob.ContainerName}/${blob.Name}`
