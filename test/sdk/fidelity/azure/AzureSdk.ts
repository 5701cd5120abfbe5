/** The official SDKs of Azure, by which somebody else changes what is on an emulator. */
import { CosmosClient } from "@azure/cosmos"
import { TableServiceClient } from "@azure/data-tables"
import { BlobServiceClient } from "@azure/storage-blob"
import { QueueServiceClient } from "@azure/storage-queue"

export const storageSdk = (connectionString: string) => ({
  blobs: BlobServiceClient.fromConnectionString(connectionString),
  queues: QueueServiceClient.fromConnectionString(connectionString),
  tables: TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true }),
})
export type StorageSdk = ReturnType<typeof storageSdk>

export const cosmosSdk = (endpoint: string, key: string) =>
  new CosmosClient({
    endpoint,
    key,
    connectionPolicy: { enableEndpointDiscovery: false, enableBackgroundEndpointRefreshing: false },
  })
