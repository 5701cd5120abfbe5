/** What an apply writes, call by call: a create, a second apply, one changed tag, a delete. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { decodeForma, type Forma } from "../../../src/agent/forma/Forma.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { importedAgain } from "../../agent/importedAgain.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"

const document: Forma = parse(readFileSync(new URL("every-type.yaml", import.meta.url), "utf8"))

const reads = /^(get|list|describe|head|filter)/

/** The methods of a client that change something, by name, as they are called. */
const recording = <Client extends object>(service: string, client: Client, writes: Array<string>): Client =>
  new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== "function") return member
      return (...given: ReadonlyArray<unknown>) => {
        if (!reads.test(String(name))) writes.push(`${service}.${String(name)}`)
        return Reflect.apply(member, target, given)
      }
    },
  })

/** The plugin's clients, with each call that changes something in `writes`. */
const layerRecording = (writes: Array<string>) =>
  Layer.effect(
    AwsClients,
    Effect.map(AwsClients, (clients) =>
      AwsClients.of({
        ...(Object.fromEntries(
          Object.entries(clients).map(([service, open]) => [
            service,
            (target: never) => {
              const call = open(target) as (request: (client: object, options: unknown) => unknown) => unknown
              return (request: (client: object, options: unknown) => unknown) =>
                call((client, options) => request(recording(service, client, writes), options))
            },
          ]),
        ) as unknown as AwsClients["Service"]),
        account: clients.account,
      }),
    ),
  ).pipe(Layer.provide(AwsClients.layer))

const withTag = (forma: Forma, type: string, Value: string): Forma => ({
  ...forma,
  resources: forma.resources.map((resource) =>
    resource.type === type
      ? { ...resource, properties: { ...resource.properties, Tags: [{ Key: "stage", Value }] } satisfies Properties }
      : resource,
  ),
})

/**
 * What one changed tag writes. Types that are not here have no tags, or cannot
 * change them. DSQL is not here because moto cannot change its tags.
 */
const tagWrites: Readonly<Record<string, string>> = {
  "AWS::EC2::VPC": "ec2.createTags",
  "AWS::EC2::Subnet": "ec2.createTags",
  "AWS::EC2::SecurityGroup": "ec2.createTags",
  "AWS::Logs::LogGroup": "logs.tagResource",
  "AWS::IAM::Role": "iam.tagRole",
  "AWS::Lambda::Function": "lambda.tagResource",
  "AWS::S3::Bucket": "s3.putBucketTagging",
  "AWS::DynamoDB::Table": "dynamodb.tagResource",
  "AWS::SQS::Queue": "sqs.tagQueue",
  "AWS::SNS::Topic": "sns.tagResource",
  "AWS::SSM::Parameter": "ssm.addTagsToResource",
  "AWS::SecretsManager::Secret": "secretsManager.tagResource",
}

/** What creating and deleting one resource of each type of the document writes. */
const creates: ReadonlyArray<string> = [
  "dsql.createCluster",
  "dynamodb.createTable",
  "dynamodb.updateTimeToLive",
  "ec2.authorizeSecurityGroupIngress",
  "ec2.createSecurityGroup",
  "ec2.createSubnet",
  "ec2.createVpc",
  "ec2.modifySubnetAttribute",
  "ec2.modifyVpcAttribute",
  "iam.attachRolePolicy",
  "iam.createPolicy",
  "iam.createRole",
  "iam.putRolePolicy",
  "lambda.createFunction",
  "logs.createLogGroup",
  "logs.putRetentionPolicy",
  "s3.createBucket",
  "s3.putBucketLifecycleConfiguration",
  "s3.putBucketPolicy",
  // Moto ignores the tags of a create.
  "s3.putBucketTagging",
  "s3.putBucketVersioning",
  "s3.putPublicAccessBlock",
  "secretsManager.createSecret",
  "sns.createTopic",
  "sns.subscribe",
  "sqs.createQueue",
  "ssm.putParameter",
]
const deletes: ReadonlyArray<string> = [
  "dsql.deleteCluster",
  "dynamodb.deleteTable",
  "ec2.deleteSecurityGroup",
  "ec2.deleteSubnet",
  "ec2.deleteVpc",
  "iam.deletePolicy",
  "iam.deleteRole",
  "iam.deleteRolePolicy",
  "iam.detachRolePolicy",
  "lambda.deleteFunction",
  "logs.deleteLogGroup",
  "s3.deleteBucket",
  "s3.deleteBucketPolicy",
  "secretsManager.deleteSecret",
  "sns.deleteTopic",
  "sns.unsubscribe",
  "sqs.deleteQueue",
  "ssm.deleteParameter",
]

onMoto("the writes of each type of AWS on moto", (it) => {
  it.effect("are those of what changed, and no others", () => {
    const writes: Array<string> = []
    const written = <A, E, R>(run: Effect.Effect<A, E, R>) =>
      Effect.map(run, () => {
        const all = writes.toSorted()
        writes.length = 0
        return all
      })
    const recorded = { ...plugin, layerOf: () => layerRecording(writes) }
    return Effect.gen(function* () {
      const agent = yield* Agent
      const { endpoint } = yield* AwsEmulator
      const forma = yield* decodeForma({
        ...document,
        targets: { aws: { ...document.targets["aws"], config: { region: "us-east-1", endpoint } } },
      } as Forma)
      const tagged = Object.keys(tagWrites).reduce((all, type) => withTag(all, type, "test"), forma)
      assert.deepEqual(yield* written(agent.apply(tagged)), creates)
      assert.deepEqual(yield* written(agent.apply(tagged)), [])
      const changed = Object.keys(tagWrites).reduce((all, type) => withTag(all, type, "live"), forma)
      assert.deepEqual(yield* written(agent.apply(changed)), Object.values(tagWrites).toSorted())
      assert.deepEqual(yield* written(agent.apply(changed)), [])
      const { changes, drafts, types } = yield* importedAgain(changed, inProcess(recorded))
      assert.deepEqual(changes, [], "what was imported is as its document says")
      assert.sameMembers(
        [...types],
        forma.resources.map(({ type }) => type),
      )
      assert.include(JSON.stringify(drafts), "$ref")
      assert.deepEqual(writes.splice(0), [], "an import writes nothing")
      assert.deepEqual(yield* written(agent.destroy(forma.name)), deletes)
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([inProcess(recorded)])])),
      ),
    )
  })
})
