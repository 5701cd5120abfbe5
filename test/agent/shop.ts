/** An agent in this process with the FakeAWS plugin linked into it, and a forma of ten resources in a cloud of its own. */
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { makeFakeCloud } from "../plugins/fake-aws/FakeCloud.ts"

/** The type and the properties of each resource, by label. */
export type Resources = Readonly<Record<string, readonly [type: string, properties: Properties]>>

/** Ten resources. `block`, `web`, `logs`, `note` and `tail` refer to others, `tail` through two of them. */
export const shop: Resources = {
  net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
  web: [
    "FakeAWS::EC2::Instance",
    { ImageId: "ami-1", InstanceType: "t3.micro", Tags: [{ Key: "block", Value: { $ref: "block.Id" } }] },
  ],
  pictures: ["FakeAWS::S3::Bucket", { BucketName: "shop-pictures" }],
  logs: ["FakeAWS::S3::Bucket", { BucketName: "shop-logs", Tags: [{ Key: "of", Value: { $ref: "pictures.Arn" } }] }],
  password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: "hunter2" }],
  note: ["FakeAWS::SecretsManager::Secret", { Name: "note", SecretString: "x", Description: { $ref: "logs.Arn" } }],
  old: ["FakeAWS::Legacy::Widget", { Model: "m", Size: 1 }],
  tail: ["FakeAWS::Legacy::Widget", { Model: { $ref: "web.InstanceId" } }],
  alone: ["FakeAWS::EC2::VPC", { CidrBlock: "10.9.0.0/16" }],
}

/** `resources` without those with these labels. */
export const without = (resources: Resources, ...labels: ReadonlyArray<string>): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([label]) => !labels.includes(label)))

export const formaOf = (name: string, config: Properties, resources: Resources, namespace = "FakeAWS"): Forma => ({
  name,
  targets: { cloud: { namespace: Namespace.make(namespace), config } },
  resources: Object.entries(resources).map(([label, [type, properties]]) => ({
    label,
    type: ResourceType.make(type),
    target: "cloud",
    properties,
  })),
})

export const layerAgent = (plugins: ReadonlyArray<InProcessPlugin> = [inProcess(fakeAws)]) =>
  Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
    Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess(plugins)]),
  )

export const makeShop = Effect.gen(function* () {
  const agent = yield* Agent
  const cloud = yield* makeFakeCloud
  const events: Array<ChangeEvent> = []
  const observe = (event: ChangeEvent) => Effect.sync(() => void events.push(event))
  const target = cloud.target()
  return {
    ...cloud,
    events,
    apply: (resources: Resources, config: Properties = target, name = "shop") =>
      agent.apply(formaOf(name, config, resources), { observe }),
    plan: (resources: Resources, config: Properties = target, name = "shop") =>
      agent.plan(formaOf(name, config, resources)),
    destroy: (name = "shop") => agent.destroy(name, { observe }),
    inventory: agent.inventory,
    /** The calls that change the cloud, such as `delete EC2::VPC`, in their order. */
    writes: Effect.map(cloud.calls, (calls) =>
      calls
        .filter(({ operation }) => ["create", "update", "delete"].includes(operation))
        .map(({ operation, type }) => `${operation} ${type.replace("FakeAWS::", "")}`),
    ),
    /** Changes the cloud without the agent. */
    elsewhere: (sql: string, ...params: ReadonlyArray<SQLInputValue>) =>
      Effect.acquireUseRelease(
        Effect.sync(() => new DatabaseSync(cloud.file)),
        (database) => Effect.sync(() => Number(database.prepare(sql).run(...params).changes)),
        (database) => Effect.sync(() => database.close()),
      ),
  }
})

/** Each result as `label operation`, or as `label operation: code` if it failed. */
export const outcomes = ({ resources }: CommandResult): ReadonlyArray<string> =>
  resources.map(({ error, label, operation }) => `${label} ${operation}${error === null ? "" : `: ${error.code}`}`)

/** The outcomes without those of resources that are as wanted. */
export const changesOf = (result: CommandResult): ReadonlyArray<string> =>
  outcomes(result).filter((outcome) => !outcome.endsWith(" noop"))

export const nativeIdOf = ({ resources }: CommandResult, label: string): string =>
  resources.find((one) => one.label === label)?.nativeId ?? `${label} has no native id`
