/** A document with resources of three clouds that refer to each other, and clients that look into the clouds. */
import { DatabaseSync } from "node:sqlite"
import { CosmosClient } from "@azure/cosmos"
import { BlobServiceClient } from "@azure/storage-blob"
import { QueueServiceClient } from "@azure/storage-queue"
import { S3 } from "@aws-sdk/client-s3"
import { SQS } from "@aws-sdk/client-sqs"
import { SSM } from "@aws-sdk/client-ssm"
import * as Effect from "effect/Effect"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { developmentAccount } from "../emulators/azurite.ts"

export interface Clouds {
  readonly aws: string
  readonly connectionString: string
  readonly cosmos: string
  /** The file of FakeAWS. */
  readonly fake: string
}

const region = "eu-central-1"

export const threeClouds = ({ aws, connectionString, cosmos, fake }: Clouds) => ({
  name: "three-clouds",
  targets: {
    aws: { namespace: "AWS", config: { region, endpoint: aws } },
    azure: {
      namespace: "Azure",
      config: { account: developmentAccount, connectionString, cosmosEndpoint: cosmos, cosmosKey },
    },
    fake: { namespace: "FakeAWS", config: { cloud: fake, region } },
  },
  resources: [
    { label: "pictures", type: "Azure::Storage::BlobContainer", target: "azure", properties: { Name: "pictures" } },
    {
      label: "where-pictures-are",
      type: "AWS::SSM::Parameter",
      target: "aws",
      properties: { Name: "/shop/pictures", Type: "String", Value: { $ref: "pictures.Url" }, Description: "for all" },
    },
    { label: "work", type: "AWS::SQS::Queue", target: "aws", properties: { QueueName: "work" } },
    {
      label: "errands",
      type: "Azure::Storage::Queue",
      target: "azure",
      properties: { Name: "errands", Metadata: { relayedto: { $ref: "work.Arn" } } },
    },
    {
      label: "receipts",
      type: "AWS::S3::Bucket",
      target: "aws",
      properties: { BucketName: "receipts", VersioningConfiguration: { Status: "Enabled" } },
    },
    {
      label: "copies",
      type: "FakeAWS::S3::Bucket",
      target: "fake",
      properties: {
        BucketName: "copies",
        Tags: [
          { Key: "of", Value: { $ref: "receipts.Arn" } },
          { Key: "pictures", Value: { $ref: "pictures.Url" } },
        ],
      },
    },
    { label: "shop", type: "Azure::DocumentDB::SqlDatabase", target: "azure", properties: { Name: "shop" } },
    {
      label: "customers",
      type: "Azure::DocumentDB::SqlContainer",
      target: "azure",
      properties: { DatabaseName: { $ref: "shop.Name" }, Name: "customers", PartitionKeyPaths: ["/id"] },
    },
  ],
})

const namesOf = async (found: AsyncIterable<{ readonly name: string }>) => {
  const names: Array<string> = []
  for await (const { name } of found) names.push(name)
  return names
}

/** Clients other than the plugin's, which see and change what is in the clouds. */
export const clientsOf = ({ aws, connectionString, cosmos, fake }: Clouds) => {
  const config = { region, endpoint: aws, credentials: { accessKeyId: "test", secretAccessKey: "test" } }
  const [s3, sqs, ssm] = [new S3({ ...config, forcePathStyle: true }), new SQS(config), new SSM(config)]
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const queues = QueueServiceClient.fromConnectionString(connectionString)

  const awsNames = Effect.promise(async () => [
    ...((await s3.listBuckets()).Buckets ?? []).map(({ Name }) => Name),
    ...((await sqs.listQueues()).QueueUrls ?? []).map((url) => url.split("/").at(-1)),
    ...((await ssm.describeParameters()).Parameters ?? []).map(({ Name }) => Name),
  ])
  const azureNames = Effect.promise(async () => {
    const connectionPolicy = { enableEndpointDiscovery: false, enableBackgroundEndpointRefreshing: false }
    const client = new CosmosClient({ endpoint: cosmos, key: cosmosKey, connectionPolicy })
    const databases = (await client.databases.readAll().fetchAll()).resources.map(({ id }) => id)
    client.dispose()
    return [...(await namesOf(blobs.listContainers())), ...(await namesOf(queues.listQueues())), ...databases]
  })
  const fakeRows = Effect.sync(() => {
    const database = new DatabaseSync(fake, { readOnly: true })
    const rows = database.prepare("SELECT native_id AS name, properties FROM resources").all()
    database.close()
    return rows.map(({ name, properties }) => ({ name, properties: String(properties) }))
  })
  return { s3, sqs, ssm, blobs, queues, awsNames, azureNames, fakeRows }
}
