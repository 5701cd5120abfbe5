/** Azure Storage. */
import { fixed, type PropertyCase, type Subject, type Thing } from "../Subject.ts"
import type { StorageSdk } from "./AzureSdk.ts"

type Case = PropertyCase<StorageSdk>

/** What is there already, and one entry more. */
const metadata = (
  clientOf: (
    sdk: StorageSdk,
    thing: Thing,
  ) => {
    readonly getProperties: () => Promise<{ readonly metadata?: Record<string, string> }>
    readonly setMetadata: (metadata: Record<string, string>) => Promise<unknown>
  },
): Case => ({
  property: "Metadata",
  value: { team: "orders" },
  changed: { team: "shipping" },
  drift: (sdk, thing) => {
    const client = clientOf(sdk, thing)
    return client.getProperties().then((now) => client.setMetadata({ ...now.metadata, other: "hand" }))
  },
})

const containerOf = ({ blobs }: StorageSdk, { nativeId }: Thing) => blobs.getContainerClient(nativeId)

export const BlobContainer: Subject<StorageSdk> = {
  type: "Azure::Storage::BlobContainer",
  required: (name) => ({ Name: name }),
  cases: (name) => [
    { property: "Name", value: name, changed: `${name}-b`, drift: fixed },
    {
      property: "PublicAccess",
      value: "Blob",
      changed: "Container",
      drift: (sdk, thing) => containerOf(sdk, thing).setAccessPolicy(),
      removed: "None",
    },
    metadata(containerOf),
  ],
  delete: (sdk, thing) => containerOf(sdk, thing).delete(),
}

const blobOf = ({ blobs }: StorageSdk, { nativeId }: Thing) => {
  const slash = nativeId.indexOf("/")
  return blobs.getContainerClient(nativeId.slice(0, slash)).getBlockBlobClient(nativeId.slice(slash + 1))
}

export const Blob: Subject<StorageSdk> = {
  type: "Azure::Storage::Blob",
  others: (name) => [
    { label: "container", type: "Azure::Storage::BlobContainer", properties: { Name: name } },
    { label: "container-b", type: "Azure::Storage::BlobContainer", properties: { Name: `${name}-b` } },
  ],
  required: () => ({ ContainerName: { $ref: "container.Name" }, Name: "dir/it.txt", Content: "a" }),
  cases: () => [
    {
      property: "ContainerName",
      value: { $ref: "container.Name" },
      changed: { $ref: "container-b.Name" },
      drift: fixed,
    },
    { property: "Name", value: "dir/it.txt", changed: "dir/that.txt", drift: fixed },
    { property: "Content", value: "a", changed: "b", drift: (sdk, thing) => blobOf(sdk, thing).upload("c", 1) },
    {
      property: "ContentType",
      value: "text/plain",
      changed: "text/html",
      drift: (sdk, thing) => blobOf(sdk, thing).setHTTPHeaders({ blobContentType: "text/css" }),
      removed: "application/octet-stream",
    },
    metadata(blobOf),
  ],
  delete: (sdk, thing) => blobOf(sdk, thing).delete(),
}

const queueOf = ({ queues }: StorageSdk, { nativeId }: Thing) => queues.getQueueClient(nativeId)

export const Queue: Subject<StorageSdk> = {
  type: "Azure::Storage::Queue",
  required: (name) => ({ Name: name }),
  cases: (name) => [{ property: "Name", value: name, changed: `${name}-b`, drift: fixed }, metadata(queueOf)],
  delete: (sdk, thing) => queueOf(sdk, thing).delete(),
}

export const Table: Subject<StorageSdk> = {
  type: "Azure::Storage::Table",
  required: (name) => ({ Name: name.replaceAll("-", "") }),
  cases: (name) => [
    { property: "Name", value: name.replaceAll("-", ""), changed: `${name.replaceAll("-", "")}b`, drift: fixed },
  ],
  delete: ({ tables }, { nativeId }) => tables.deleteTable(nativeId),
}
