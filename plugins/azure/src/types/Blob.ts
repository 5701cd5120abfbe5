/** Azure::Storage::Blob: a block blob of text. Its native id is `container/name`. */
import type { BlobServiceClient } from "@azure/storage-blob"
import { Answer, defineResource, Patch, Property } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients } from "../AzureClients.ts"
import { markedCreate } from "../markedCreate.ts"
import * as Metadata from "../Metadata.ts"
import { MetadataKeys } from "../MetadataKeys.ts"
import { firstPage, nestedPage, pageSettings } from "../Pages.ts"
import { factsOf, placeOfStorage, StorageTarget } from "../Target.ts"
import { ContainerName, containerPage } from "./BlobContainer.ts"
import { blobOf, defaultContentType, describe, headOf, maxBytes, upload } from "./BlobContent.ts"

const properties = Schema.Struct({
  ContainerName: Property.createOnly(ContainerName),
  Name: Property.named({ letters: "any", separator: "-", maxLength: 255 })(
    Schema.NonEmptyString.check(Schema.isMaxLength(1024)),
  ),
  Content: Schema.String.check(
    Schema.makeFilter((text) => Buffer.byteLength(text) <= maxBytes || "Expected at most 1 MiB of text"),
  ),
  ContentType: Property.defaultsTo(defaultContentType)(Schema.optionalKey(Schema.NonEmptyString)),
  Metadata: Metadata.property,
  Url: Property.output(Schema.String),
})

const nativeIdOf = (blob: typeof properties.Type) => `${blob.ContainerName}/${blob.Name}`

export const Blob = defineResource({
  type: "Azure::Storage::Blob",
  properties,
  target: StorageTarget,
  identify: ({ properties: { ContainerName: parent, Name }, target }) =>
    Effect.succeed({
      nativeId: parent === undefined || Name === undefined ? undefined : `${parent}/${Name}`,
      place: placeOfStorage(target),
      facts: factsOf(target),
    }),
  ...markedCreate<typeof properties.Type, BlobServiceClient>({
    client: ({ blobs }, target) => blobs(target),
    nativeId: nativeIdOf,
    // Without the condition an upload would replace an existing blob.
    create: (blobs, blob, metadata) =>
      upload(blobs, nativeIdOf(blob), { ...blob, metadata, conditions: { ifNoneMatch: "*" } }),
    describe,
    delete: (blobs, nativeId) =>
      blobs((client, options) => blobOf(client, nativeId).delete({ ...options, deleteSnapshots: "include" })),
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    const { etag, metadata: present, type } = yield* headOf(blobs, nativeId)
    const metadata = (yield* Metadata.changed(present, { desired, patch }, yield* MetadataKeys)) ?? present ?? {}
    const ContentType = desired.ContentType ?? (Patch.isRemoved(patch, "ContentType") ? undefined : type)
    // Unless the blob has changed in the meantime.
    const conditions = { ifMatch: etag }
    if (Patch.isChanged(patch, "Content") || Patch.isChanged(patch, "ContentType")) {
      // Everything is set at once, because Azure would forget the other headers together with the type.
      const blob = { Content: desired.Content, metadata, ...(ContentType === undefined ? {} : { ContentType }) }
      yield* upload(blobs, nativeId, { ...blob, conditions })
    } else if (Patch.isChanged(patch, "Metadata")) {
      yield* blobs((client, options) => blobOf(client, nativeId).setMetadata(metadata, { ...options, conditions }))
    }
    return Answer.succeeded(yield* describe(blobs, nativeId))
  }),
  list: Effect.fnUntraced(function* ({ pageSize: maxPageSize, pageToken, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    return yield* nestedPage(pageToken, {
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
