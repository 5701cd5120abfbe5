/** Azure::Storage::BlobContainer. Its native id is its name. */
import type { BlobServiceClient } from "@azure/storage-blob"
import { Answer, defineResource, knownTokens, Patch, Property, type ProviderError, returned } from "formae/plugin"
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

const PublicAccess = Schema.Literals(["None", "Blob", "Container"])

/** The pattern includes `$root`, `$web` and `$logs`, which have a special meaning. */
export const ContainerName = Schema.String.check(
  Schema.isPattern(/^(?:\$root|\$web|\$logs|[a-z0-9]+(?:-[a-z0-9]+)*)$/u, {
    message: "Expected the name of a blob container",
  }),
  Schema.isMinCodePoints(3, { message: "Expected the name of a blob container" }),
  Schema.isMaxCodePoints(63, { message: "Expected the name of a blob container" }),
)

const properties = Schema.Struct({
  Name: Property.named({ letters: "lower", separator: "-", maxLength: 63 })(ContainerName),
  PublicAccess: Property.defaultsTo("None")(Schema.optionalKey(PublicAccess)),
  Metadata: Metadata.property,
  Url: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* (
  blobs: Service<BlobServiceClient>,
  nativeId: string,
): Effect.fn.Return<Description, ProviderError> {
  const keys = yield* MetadataKeys
  return yield* blobs((client, options) => {
    const container = client.getContainerClient(nativeId)
    return container.getProperties(options).then(({ blobPublicAccess: access, metadata }) => ({
      nativeId,
      metadata,
      properties: returned({
        Name: nativeId,
        PublicAccess: access === "container" ? "Container" : access === "blob" ? "Blob" : "None",
        Metadata: Metadata.visible(metadata, keys),
        Url: publicUrl(container.url),
      }),
    }))
  })
})

export const BlobContainer = defineResource({
  type: "Azure::Storage::BlobContainer",
  properties,
  target: StorageTarget,
  identify: ({ properties: { Name }, target }) =>
    Effect.succeed({ place: placeOfStorage(target), nativeId: Name, facts: factsOf(target) }),
  ...markedCreate<typeof properties.Type, BlobServiceClient>({
    client: ({ blobs }, target) => blobs(target),
    nativeId: ({ Name }) => Name,
    create: (blobs, { Name, PublicAccess }, metadata) =>
      blobs((client, options) =>
        client.getContainerClient(Name).create({ ...options, metadata, ...accessOf(PublicAccess) }),
      ),
    describe,
    delete: (blobs, nativeId) => blobs((client, options) => client.getContainerClient(nativeId).delete(options)),
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const blobs = (yield* AzureClients).blobs(target)
    const present = yield* describe(blobs, nativeId)
    const metadata = yield* Metadata.changed(present.metadata, { desired, patch }, yield* MetadataKeys)
    if (metadata !== undefined) {
      yield* blobs((client, options) => client.getContainerClient(nativeId).setMetadata(metadata, options))
    }
    const access = Patch.wanted({ desired, patch }, "PublicAccess", "None" as const)
    if (access !== undefined && access !== present.properties.PublicAccess) yield* setAccess(blobs, nativeId, access)
    return Answer.succeeded(yield* describe(blobs, nativeId))
  }),
  list: knownTokens(
    Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
      return pageOf(yield* containerPage((yield* AzureClients).blobs(target), pageSize, pageToken))
    }),
  ),
})

export const containerPage = (
  blobs: Service<BlobServiceClient>,
  maxPageSize: number | undefined,
  continuationToken: string | undefined,
) =>
  Effect.map(
    blobs((client, options) =>
      firstPage(client.listContainers(options).byPage(pageSettings(maxPageSize, continuationToken))),
    ),
    (page) => ({ names: (page?.containerItems ?? []).map(({ name }) => name), next: page?.continuationToken }),
  )

/** The service expresses no access by leaving the field out. */
const accessOf = (access: typeof PublicAccess.Type = "None") => {
  if (access === "None") return {}
  return access === "Blob" ? ({ access: "blob" } as const) : ({ access: "container" } as const)
}

/** Stored access policies can only be set together with it, so they are read and set again. */
const setAccess = (blobs: Service<BlobServiceClient>, nativeId: string, wanted: typeof PublicAccess.Type) =>
  Effect.flatMap(
    blobs((client, options) => client.getContainerClient(nativeId).getAccessPolicy(options)),
    ({ signedIdentifiers }) =>
      blobs((client, options) =>
        client.getContainerClient(nativeId).setAccessPolicy(accessOf(wanted).access, signedIdentifiers, options),
      ),
  )
