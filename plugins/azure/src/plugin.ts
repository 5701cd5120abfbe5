/** The Azure namespace, built on the official Azure SDKs. */
import { definePlugin, OperationKeys } from "formae/plugin"
import * as Layer from "effect/Layer"
import { AzureClients } from "./AzureClients.ts"
import { Creators } from "./Creators.ts"
import { MetadataKeys, ownKey, settings } from "./MetadataKeys.ts"
import { Blob } from "./types/Blob.ts"
import { BlobContainer } from "./types/BlobContainer.ts"
import { Queue } from "./types/Queue.ts"
import { SqlContainer } from "./types/SqlContainer.ts"
import { SqlDatabase } from "./types/SqlDatabase.ts"
import { Table } from "./types/Table.ts"

export const plugin = definePlugin({
  name: "azure",
  namespace: "Azure",
  version: "0.2.0",
  limitsRequests: true,
  types: [BlobContainer, Blob, Queue, Table, SqlDatabase, SqlContainer],
  settings,
  layer: ({ tags }) =>
    Layer.mergeAll(AzureClients.layer, Creators.layer, Layer.succeed(MetadataKeys, OperationKeys.from(ownKey, tags))),
})
