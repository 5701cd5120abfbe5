/** The creates that are cut off: the resource, the calls by which the proxy recognizes them, and the cloud. */
import { CosmosClient } from "@azure/cosmos"
import { BlobServiceClient } from "@azure/storage-blob"
import { DynamoDB } from "@aws-sdk/client-dynamodb"
import { EC2 } from "@aws-sdk/client-ec2"
import { IAM } from "@aws-sdk/client-iam"
import { S3 } from "@aws-sdk/client-s3"
import { SecretsManager } from "@aws-sdk/client-secrets-manager"
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { AwsEmulator } from "../aws/AwsEmulator.ts"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { amzTarget, tagsOnCreateBucket, tagsOnCreateTable, tokensOnCreateCluster } from "../emulators/EmulatorGaps.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { dynalite } from "../emulators/dynalite.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { type CallMatcher, faultProxy, forwardTo, type Service } from "../emulators/faultProxy.ts"
import { clustersIn, reset, slowClusters } from "../emulators/motoApi.ts"

type Proxy = Effect.Success<ReturnType<typeof faultProxy>>

/** A cloud with a proxy in front of it. */
export interface ProxiedCloud {
  readonly proxy: Proxy
  readonly config: Properties
  /** The native ids of the resources in it. */
  readonly existing: Effect.Effect<ReadonlyArray<string | undefined>, unknown>
}

export interface Subject<R = AwsEmulator> {
  readonly type: string
  readonly properties: Properties
  readonly creates: CallMatcher
  /** How many creates reach the service if the answer of the first one gets lost. Only the first has an effect. */
  readonly sent: { readonly afterDeath: number; readonly afterLoss: number }
  readonly cloud: Effect.Effect<ProxiedCloud, unknown, Scope.Scope | R>
}

/** A subject whose create continues after it is answered. */
export interface SlowSubject<R = AwsEmulator> extends Subject<R> {
  readonly reads: CallMatcher
  /** How many reads the create itself makes before it is answered. */
  readonly readsOfCreate: number
}

const region = "us-east-1"
const config = (endpoint: string) => ({
  region,
  endpoint,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
})

/** A moto without any resources. */
const freshMoto = Effect.tap(AwsEmulator, reset)

const cloudOnMoto = (
  existing: (moto: Emulator) => ProxiedCloud["existing"],
  fillGaps = (service: Service) => service,
) =>
  Effect.gen(function* () {
    const moto = yield* freshMoto
    const proxy = yield* faultProxy(fillGaps(forwardTo(moto)))
    return { proxy, config: { region, endpoint: proxy.endpoint }, existing: existing(moto) }
  })

const table: SlowSubject<never> = {
  type: "AWS::DynamoDB::Table",
  properties: {
    TableName: "orders",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  },
  creates: (call) => amzTarget(call) === "CreateTable",
  // After a crash the plugin looks for the table first; a mere retry sends the create again. The tag shows whose it is.
  sent: { afterDeath: 1, afterLoss: 2 },
  reads: (call) => amzTarget(call) === "DescribeTable",
  readsOfCreate: 0,
  cloud: Effect.gen(function* () {
    const cloud = yield* dynalite(2_000)
    const proxy = yield* faultProxy(tagsOnCreateTable(forwardTo(cloud)))
    const client = new DynamoDB(config(cloud.endpoint))
    return {
      proxy,
      config: { region, endpoint: proxy.endpoint },
      existing: Effect.promise(() => client.listTables()).pipe(Effect.map(({ TableNames }) => TableNames ?? [])),
    }
  }),
}

const cluster: SlowSubject = {
  type: "AWS::DSQL::Cluster",
  properties: { DeletionProtectionEnabled: false },
  creates: ({ method, url }) => method === "POST" && url === "/cluster",
  // Only the token shows whose it is, and only a create accepts one.
  sent: { afterDeath: 2, afterLoss: 2 },
  reads: ({ method, url }) => method === "GET" && url.startsWith("/cluster/"),
  readsOfCreate: 1,
  cloud: Effect.gen(function* () {
    const moto = yield* freshMoto
    yield* slowClusters(moto, 4)
    const proxy = yield* faultProxy(tokensOnCreateCluster(forwardTo(moto)))
    return { proxy, config: { region, endpoint: proxy.endpoint }, existing: clustersIn(moto) }
  }),
}

const bucket: Subject = {
  type: "AWS::S3::Bucket",
  properties: { BucketName: "receipts" },
  creates: ({ method, url }) => method === "PUT" && /^\/receipts\/?$/.test(url),
  sent: { afterDeath: 1, afterLoss: 1 },
  cloud: cloudOnMoto((moto) => {
    const client = new S3({ ...config(moto.endpoint), forcePathStyle: true })
    return Effect.promise(() => client.listBuckets()).pipe(
      Effect.map(({ Buckets = [] }) => Buckets.map(({ Name }) => Name)),
    )
  }, tagsOnCreateBucket),
}

const vpc: Subject = {
  type: "AWS::EC2::VPC",
  properties: { CidrBlock: "10.0.0.0/16" },
  creates: ({ body }) => body.includes("Action=CreateVpc&"),
  sent: { afterDeath: 1, afterLoss: 1 },
  cloud: cloudOnMoto((moto) => {
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
  creates: (call) => amzTarget(call) === "CreateSecret",
  // The second one is refused, and leads to what the first one has created. So it is for the next two.
  sent: { afterDeath: 1, afterLoss: 2 },
  cloud: cloudOnMoto((moto) => {
    const client = new SecretsManager(config(moto.endpoint))
    return Effect.promise(() => client.listSecrets()).pipe(
      Effect.map(({ SecretList = [] }) => SecretList.map(({ ARN }) => ARN)),
    )
  }),
}

const role: Subject = {
  type: "AWS::IAM::Role",
  properties: { RoleName: "resizer", AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } },
  creates: ({ body }) => body.includes("Action=CreateRole&"),
  sent: { afterDeath: 1, afterLoss: 2 },
  cloud: cloudOnMoto((moto) => {
    const client = new IAM(config(moto.endpoint))
    return Effect.promise(() => client.listRoles()).pipe(
      Effect.map(({ Roles = [] }) => Roles.map(({ RoleName }) => RoleName)),
    )
  }),
}

const group: Subject = {
  type: "AWS::EC2::SecurityGroup",
  properties: {
    GroupName: "web",
    GroupDescription: "What reaches the shop",
    SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
  },
  creates: ({ body }) => body.includes("Action=CreateSecurityGroup&"),
  sent: { afterDeath: 1, afterLoss: 2 },
  cloud: cloudOnMoto((moto) => {
    const client = new EC2(config(moto.endpoint))
    return Effect.promise(() => client.describeSecurityGroups()).pipe(
      Effect.map(({ SecurityGroups = [] }) =>
        SecurityGroups.filter(({ GroupName }) => GroupName !== "default").map(({ GroupId }) => GroupId),
      ),
    )
  }),
}

const container: Subject<never> = {
  type: "Azure::Storage::BlobContainer",
  properties: { Name: "pictures" },
  creates: ({ method, url }) => method === "PUT" && url.endsWith("/pictures?restype=container"),
  sent: { afterDeath: 1, afterLoss: 2 },
  cloud: Effect.gen(function* () {
    const { blobEndpoint, connectionString } = yield* azurite.pipe(Effect.provide(NodeServices.layer))
    const proxy = yield* faultProxy(forwardTo({ endpoint: blobEndpoint }))
    const detour = connectionString.replace(blobEndpoint, proxy.endpoint)
    const client = BlobServiceClient.fromConnectionString(connectionString)
    return {
      proxy,
      config: { account: developmentAccount, connectionString: detour },
      existing: Effect.promise(async () => {
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
  // It has no tag: the journal says that the name was free, so the existing container counts as created.
  sent: { afterDeath: 2, afterLoss: 2 },
  cloud: Effect.gen(function* () {
    const cloud = yield* cosmosdb
    const proxy = yield* faultProxy(forwardTo(cloud))
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
      existing: Effect.promise(() => client.database("shop").containers.readAll().fetchAll()).pipe(
        Effect.map(({ resources }) => resources.map(({ id }) => `shop/${id}`)),
      ),
    }
  }),
}

export const onMoto = { slow: [cluster], quick: [bucket, vpc, secret, role, group] }
export const onOthers = { slow: [table], quick: [container, sqlContainer] }
