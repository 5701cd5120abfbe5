/** The emulators, each with the plugin and the resource types that are tried on it. */
import { inProcess, type ResourcePlugin } from "formae/plugin"
import { NativeId, OperationId, ResourceType, type TargetConfig } from "formae/protocol"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { plugin as aws } from "../../../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../../../plugins/azure/src/plugin.ts"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { dynalite } from "../emulators/dynalite.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { fauxqs } from "../emulators/fauxqs.ts"
import { moto } from "../emulators/moto.ts"
import { awsSdk, type AwsSdk } from "./aws/AwsSdk.ts"
import { S3Bucket, S3BucketPolicy } from "./aws/buckets.ts"
import { LambdaFunction } from "./aws/functions.ts"
import { IamManagedPolicy, IamRole } from "./aws/identity.ts"
import { SnsSubscription, SnsTopic, SqsQueue } from "./aws/messages.ts"
import { Ec2SecurityGroup, Ec2Subnet, Ec2Vpc } from "./aws/network.ts"
import { LogsLogGroup, SecretsManagerSecret, SsmParameter } from "./aws/settings.ts"
import { DsqlCluster, DynamoDbTable } from "./aws/tables.ts"
import { cosmosSdk, storageSdk } from "./azure/AzureSdk.ts"
import { SqlContainer, SqlDatabase } from "./azure/cosmos.ts"
import { Blob, BlobContainer, Queue, Table } from "./azure/storage.ts"
import type { Cloud } from "./Cloud.ts"
import type { Subject } from "./Subject.ts"

/** An emulator is asked often, and what it refuses it refuses again. */
const schedules = {
  poll: Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: "6 seconds" })),
  retry: Schedule.spaced("100 millis").pipe(Schedule.upTo({ times: 5 })),
}

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url), "utf8")).version

/** Moto's program does not say its version, but the Python beside it does. */
const versionOfMoto = () =>
  spawnSync("sh", ["-c", `"$(dirname "$(command -v moto_server)")/python" -c "import moto; print(moto.__version__)"`], {
    encoding: "utf8",
  }).stdout.trim()

const cloudOf = Effect.fnUntraced(function* <R, Sdk>(
  plugin: ResourcePlugin<R>,
  emulator: { readonly name: string; readonly version: string; readonly config: TargetConfig; readonly sdk: Sdk },
  subjects: ReadonlyArray<Subject<Sdk>>,
) {
  const services = yield* Layer.build(plugin.layerOf(undefined))
  const definitionOf = (type: string) => {
    const definition = plugin.types.get(ResourceType.make(type))
    if (definition === undefined) throw new TypeError(`Not served: ${type}`)
    return definition
  }
  return {
    ...emulator,
    namespace: plugin.namespace,
    plugin: inProcess(plugin, schedules),
    subjects,
    capabilitiesOf: (type) => definitionOf(type).capabilities,
    read: (type, nativeId) =>
      definitionOf(type)
        .read({
          operationId: OperationId.make("look"),
          resourceType: ResourceType.make(type),
          targetConfig: emulator.config,
          label: "it",
          nativeId: NativeId.make(nativeId),
        })
        .pipe(Effect.provide(services)),
  } satisfies Cloud<Sdk>
})

const awsCloud = (
  name: string,
  version: string,
  { endpoint }: Emulator,
  subjects: ReadonlyArray<Subject<AwsSdk>>,
  region = "eu-central-1",
) => cloudOf(aws, { name, version, config: { region, endpoint }, sdk: awsSdk(endpoint, region) }, subjects)

/** The types of AWS, except DSQL. */
export const motoSubjects = [
  S3Bucket,
  S3BucketPolicy,
  DynamoDbTable,
  SqsQueue,
  SnsTopic,
  SnsSubscription,
  SsmParameter,
  SecretsManagerSecret,
  LogsLogGroup,
  IamRole,
  IamManagedPolicy,
  Ec2Vpc,
  Ec2Subnet,
  Ec2SecurityGroup,
  LambdaFunction,
]
/** Moto has it only in some regions. */
export const dsqlSubjects = [DsqlCluster]
export const storageSubjects = [BlobContainer, Blob, Queue, Table]
export const cosmosSubjects = [SqlDatabase, SqlContainer]

export const motoClouds = Effect.flatMap(moto, (emulator) => {
  const version = versionOfMoto()
  return Effect.all([
    awsCloud("moto", version, emulator, motoSubjects),
    awsCloud("moto", version, emulator, dsqlSubjects, "us-east-1"),
  ])
})
export const dynaliteCloud = Effect.flatMap(dynalite(20), (emulator) =>
  awsCloud("dynalite", versionOf("dynalite"), emulator, [DynamoDbTable]),
)
export const fauxqsCloud = Effect.flatMap(fauxqs, (emulator) =>
  awsCloud("fauxqs", versionOf("fauxqs"), emulator, [S3Bucket, S3BucketPolicy, SqsQueue, SnsTopic, SnsSubscription]),
)
export const azuriteCloud = Effect.flatMap(
  Effect.orDie(Effect.provide(azurite, NodeServices.layer)),
  ({ connectionString }) =>
    cloudOf(
      azure,
      {
        name: "azurite",
        version: versionOf("azurite"),
        config: { account: developmentAccount, connectionString },
        sdk: storageSdk(connectionString),
      },
      storageSubjects,
    ),
)
export const cosmosdbCloud = Effect.flatMap(cosmosdb, ({ endpoint }) =>
  cloudOf(
    azure,
    {
      name: "cosmosdb-server",
      version: versionOf("@vercel/cosmosdb-server"),
      config: { cosmosEndpoint: endpoint, cosmosKey },
      sdk: cosmosSdk(endpoint, cosmosKey),
    },
    cosmosSubjects,
  ),
)
