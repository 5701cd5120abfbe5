/** The AWS namespace, on the official AWS SDK v3. */
import { definePlugin } from "formae/plugin"
import { AwsClients } from "./AwsClients.ts"
import { DynamoDbTable } from "./types/DynamoDbTable.ts"
import { S3Bucket } from "./types/S3Bucket.ts"
import { SnsTopic } from "./types/SnsTopic.ts"
import { SqsQueue } from "./types/SqsQueue.ts"

export const plugin = definePlugin({
  name: "aws",
  namespace: "AWS",
  version: "0.1.0",
  types: [S3Bucket, DynamoDbTable, SqsQueue, SnsTopic],
  layer: AwsClients.layer,
})
