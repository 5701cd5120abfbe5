/** Azure::Storage::Blob: a block blob of text. Its native id is `container/name`. */
import type { BlobServiceClient } from "@azure/storage-blob"
import { Answer, defineResource, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients, type Service } from "../AzureClients.ts"
import * as Metadata from "../Metadata.ts"
import { createOnce, type Described, recoverByMetadata } from "../Ownership.ts"
import { firstPage, pageOfNested, pageSettings } from "../Pages.ts"
import { isRemoved } from "../Patch.ts"
import { publicUrl, returned } from "../Returned.ts"
import { StorageTarget } from "../Target.ts"
import { ContainerName, containerPage } from "./BlobContainer.ts"

/** An update carries the content several times in one frame. */
const maxBytes = 1024 * 1024

/** Azure's own, where nobody says. */
const contentTypeByDefault = "application/octet-stream"

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
    const ContentType = desired.ContentType ?? (isRemoved(patch, "ContentType") ? undefined : type)
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

const blobOf = (client: BlobServiceClient, nativeId: string) => {
  const slash = nativeId.indexOf("/")
  return client.getContainerClient(nativeId.slice(0, slash)).getBlockBlobClient(nativeId.slice(slash + 1))
}

const put = (
  blobs: Service<BlobServiceClient>,
  nativeId: string,
  blob: {
    readonly Content: string
    readonly ContentType?: string
    readonly metadata: Record<string, string>
    readonly conditions: { readonly ifNoneMatch?: string; readonly ifMatch?: string }
  },
) =>
  blobs((client, options) =>
    blobOf(client, nativeId).upload(blob.Content, Buffer.byteLength(blob.Content), {
      ...options,
      metadata: blob.metadata,
      conditions: blob.conditions,
      blobHTTPHeaders: { blobContentType: blob.ContentType ?? contentTypeByDefault },
    }),
  )

const headOf = (blobs: Service<BlobServiceClient>, nativeId: string) =>
  blobs((client, options) => {
    const blob = blobOf(client, nativeId)
    return blob.getProperties(options).then(({ contentLength, contentType: type, etag = "*", metadata }) => ({
      etag,
      metadata,
      type,
      size: contentLength ?? 0,
      url: publicUrl(blob.url),
    }))
  })

const describe = Effect.fnUntraced(function* (
  blobs: Service<BlobServiceClient>,
  nativeId: string,
): Effect.fn.Return<Described, ProviderError> {
  const { etag, metadata, size, type, url } = yield* headOf(blobs, nativeId)
  // Somebody else may have put there what does not fit into this process.
  if (size > maxBytes) {
    return yield* ProviderError.of("GeneralServiceException", `${nativeId} has ${size} bytes, and is no text of formae`)
  }
  const content = yield* blobs((client, options) =>
    size === 0
      ? Promise.resolve(Buffer.alloc(0))
      : blobOf(client, nativeId).downloadToBuffer(0, size, {
          ...options,
          conditions: { ifMatch: etag },
          maxRetryRequestsPerBlock: 0,
        }),
  )
  const slash = nativeId.indexOf("/")
  return {
    nativeId,
    metadata,
    properties: returned({
      ContainerName: nativeId.slice(0, slash),
      Name: nativeId.slice(slash + 1),
      Content: content.toString("utf8"),
      ContentType: type,
      Metadata: Metadata.visible(metadata),
      Url: url,
    }),
  }
})
