/** Block blobs of text: uploading and reading them. */
import type { BlobServiceClient } from "@azure/storage-blob"
import { ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import type { Service } from "../AzureClients.ts"
import * as Metadata from "../Metadata.ts"
import { MetadataKeys } from "../MetadataKeys.ts"
import type { Description } from "../Ownership.ts"
import { publicUrl } from "../publicUrl.ts"

/** Limited because an update carries the content several times in one frame. */
export const maxBytes = 1024 * 1024

/** Azure's own default. */
export const defaultContentType = "application/octet-stream"

export const blobOf = (client: BlobServiceClient, nativeId: string) => {
  const slash = nativeId.indexOf("/")
  return client.getContainerClient(nativeId.slice(0, slash)).getBlockBlobClient(nativeId.slice(slash + 1))
}

export const upload = (
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
      blobHTTPHeaders: { blobContentType: blob.ContentType ?? defaultContentType },
    }),
  )

export const headOf = (blobs: Service<BlobServiceClient>, nativeId: string) =>
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

export const describe = Effect.fnUntraced(function* (
  blobs: Service<BlobServiceClient>,
  nativeId: string,
): Effect.fn.Return<Description, ProviderError> {
  const { etag, metadata, size, type, url } = yield* headOf(blobs, nativeId)
  // Someone else may have uploaded more than fits into this process.
  if (size > maxBytes) {
    return yield* ProviderError.of(
      "GeneralServiceException",
      `${nativeId} has ${size} bytes, which is more than formae reads`,
    )
  }
  const content =
    size === 0
      ? Buffer.alloc(0)
      : yield* blobs((client, options) =>
          blobOf(client, nativeId).downloadToBuffer(0, size, {
            ...options,
            // One block, so that it is one request.
            blockSize: maxBytes,
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
      Metadata: Metadata.visible(metadata, yield* MetadataKeys),
      Url: url,
    }),
  }
})
