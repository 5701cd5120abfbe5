/** Creates that are cut off: of what, how the proxy knows them, and how many the cloud has in the end. */
import { CosmosClient } from "@azure/cosmos"
import { BlobServiceClient } from "@azure/storage-blob"
import { DynamoDB } from "@aws-sdk/client-dynamodb"
import { EC2 } from "@aws-sdk/client-ec2"
import { S3 } from "@aws-sdk/client-s3"
import { SecretsManager } from "@aws-sdk/client-secrets-manager"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { AwsEmulator } from "../aws/AwsEmulator.ts"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { knowsTokens, takesTagsWithBuckets, takesTagsWithTables, target } from "../emulators/EmulatorGaps.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { dynalite } from "../emulators/dynalite.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { faultProxy, type Matches, onwardTo, type Service } from "../emulators/faultProxy.ts"
import { clustersIn, reset, slowClusters } from "../emulators/motoApi.ts"

type Proxy = Effect.Success<ReturnType<typeof faultProxy>>

/** A cloud with a proxy in front of it. */
export interface Place {
  readonly proxy: Proxy
  readonly config: Properties
  /** The native ids of what is there. */
  readonly present: Effect.Effect<ReadonlyArray<string | undefined>, unknown>
}

export interface Subject<R = AwsEmulator> {
  readonly type: string
  readonly properties: Properties
  readonly creates: Matches
  /** How many creates reach the service when it has done one and nobody has heard of it: none but the first has an effect. */
  readonly sent: { readonly afterDeath: number; readonly afterLoss: number }
  readonly place: Effect.Effect<Place, unknown, Scope.Scope | R>
}

/** One whose create goes on after it is answered. */
export interface Slow<R = AwsEmulator> extends Subject<R> {
  readonly looks: Matches
  /** How many of them belong to the create itself, before it is answered. */
  readonly looksOfCreate: number
}

const region = "us-east-1"
const config = (endpoint: string) => ({
  region,
  endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
})

/** A moto that knows of nothing. */
const freshMoto = Effect.tap(AwsEmulator, reset)

const placeOnMoto = (present: (moto: Emulator) => Place["present"], completed = (service: Service) => service) =>
  Effect.gen(function* () {
    const moto = yield* freshMoto
    const proxy = yield* faultProxy(completed(onwardTo(moto)))
    return { proxy, config: { region, endpoint: proxy.endpoint }, present: present(moto) }
  })

const table: Slow<never> = {
  type: "AWS::DynamoDB::Table",
  properties: {
    TableName: "orders",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  },
  creates: (call) => target(call) === "CreateTable",
  // After a death the table is looked at first; a create that is only repeated meets it. Its tag says whose it is.
  sent: { afterDeath: 1, afterLoss: 2 },
  looks: (call) => target(call) === "DescribeTable",
  looksOfCreate: 0,
  place: Effect.gen(function* () {
    const cloud = yield* dynalite(2_000)
    const proxy = yield* faultProxy(takesTagsWithTables(onwardTo(cloud)))
    const client = new DynamoDB(config(cloud.endpoint))
    return {
      proxy,
      config: { region, endpoint: proxy.endpoint },
      present: Effect.promise(() => client.listTables()).pipe(Effect.map(({ TableNames }) => TableNames ?? [])),
    }
  }),
}

const cluster: Slow = {
  type: "AWS::DSQL::Cluster",
  properties: { DeletionProtectionEnabled: false },
  creates: ({ method, url }) => method === "POST" && url === "/cluster",
  // Only its token says whose it is, and only a create takes one.
  sent: { afterDeath: 2, afterLoss: 2 },
  looks: ({ method, url }) => method === "GET" && url.startsWith("/cluster/"),
  looksOfCreate: 1,
  place: Effect.gen(function* () {
    const moto = yield* freshMoto
    yield* slowClusters(moto, 4)
    const proxy = yield* faultProxy(knowsTokens(onwardTo(moto)))
    return { proxy, config: { region, endpoint: proxy.endpoint }, present: clustersIn(moto) }
  }),
}

const bucket: Subject = {
  type: "AWS::S3::Bucket",
  properties: { BucketName: "receipts" },
  creates: ({ method, url }) => method === "PUT" && /^\/receipts\/?$/.test(url),
  sent: { afterDeath: 1, afterLoss: 1 },
  place: placeOnMoto((moto) => {
    const client = new S3({ ...config(moto.endpoint), forcePathStyle: true })
    return Effect.promise(() => client.listBuckets()).pipe(
      Effect.map(({ Buckets = [] }) => Buckets.map(({ Name }) => Name)),
    )
  }, takesTagsWithBuckets),
}

const vpc: Subject = {
  type: "AWS::EC2::VPC",
  properties: { CidrBlock: "10.0.0.0/16" },
  creates: ({ body }) => body.includes("Action=CreateVpc&"),
  sent: { afterDeath: 1, afterLoss: 1 },
  place: placeOnMoto((moto) => {
    const client = new EC2(config(moto.endpoint))
    const Filters = [{ Name: "is-default", Values: ["false"] }]
    return Effect.promise(() => client.describeVpcs({ Filters })).pipe(
      Effect.map(({ Vpcs = [] }) => Vpcs.map(({ VpcId }) => VpcId)),
    )
  }),
}

const secret: Subject = {
  type: "AWS::SecretsManager::Secret",
  properties: { Name: "shop/password", SecretString: "not-a-real-secret" },
  creates: (call) => target(call) === "CreateSecret",
  sent: { afterDeath: 1, afterLoss: 1 },
  place: placeOnMoto((moto) => {
    const client = new SecretsManager(config(moto.endpoint))
    return Effect.promise(() => client.listSecrets()).pipe(
      Effect.map(({ SecretList = [] }) => SecretList.map(({ ARN }) => ARN)),
    )
  }),
}

const container: Subject<never> = {
  type: "Azure::Storage::BlobContainer",
  properties: { Name: "pictures" },
  creates: ({ method, url }) => method === "PUT" && url.endsWith("/pictures?restype=container"),
  sent: { afterDeath: 1, afterLoss: 2 },
  place: Effect.gen(function* () {
    const { blobEndpoint, connectionString } = yield* azurite.pipe(Effect.provide(NodeServices.layer))
    const proxy = yield* faultProxy(onwardTo({ endpoint: blobEndpoint }))
    const detour = connectionString.replace(blobEndpoint, proxy.endpoint)
    const client = BlobServiceClient.fromConnectionString(connectionString)
    return {
      proxy,
      config: { account: developmentAccount, connectionString: detour },
      present: Effect.promise(async () => {
        const names: Array<string> = []
        for await (const { name } of client.listContainers()) names.push(name)
        return names
      }),
    }
  }),
}

const sqlContainer: Subject<never> = {
  type: "Azure::DocumentDB::SqlContainer",
  properties: { DatabaseName: "shop", Name: "customers", PartitionKeyPaths: ["/id"] },
  creates: ({ method, url }) => method === "POST" && /^\/dbs\/shop\/colls\/?$/.test(url),
  // It carries no mark: that the name was free is in the journal, and the one that is there is met.
  sent: { afterDeath: 2, afterLoss: 2 },
  place: Effect.gen(function* () {
    const cloud = yield* cosmosdb
    const proxy = yield* faultProxy(onwardTo(cloud))
    const client = yield* Effect.acquireRelease(
      Effect.sync(
        () =>
          new CosmosClient({
            endpoint: cloud.endpoint,
            key: cosmosKey,
            connectionPolicy: { enableEndpointDiscovery: false, enableBackgroundEndpointRefreshing: false },
          }),
      ),
      (open) => Effect.sync(() => open.dispose()),
    )
    yield* Effect.promise(() => client.databases.create({ id: "shop" }))
    return {
      proxy,
      config: { cosmosEndpoint: proxy.endpoint, cosmosKey },
      present: Effect.promise(() => client.database("shop").containers.readAll().fetchAll()).pipe(
        Effect.map(({ resources }) => resources.map(({ id }) => `shop/${id}`)),
      ),
    }
  }),
}

export const onMoto = { slow: [cluster], quick: [bucket, vpc, secret] }
export const onOthers = { slow: [table], quick: [container, sqlContainer] }
