/** Random histories: what is applied, destroyed and resumed, what fails meanwhile, and what is killed. */
import * as Schema from "effect/Schema"
import type { Properties } from "../../src/protocol/Resource.ts"
import { victims } from "../../src/testing/Reaper.ts"
import type { Resources } from "../agent/shop.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Two formae in one state and one cloud. */
export const FormaName = Schema.Literals(["left", "right"])
export type FormaName = typeof FormaName.Type

/** Which resources are wanted, each in one of two forms. */
export const Wants = Schema.Struct({
  net: between(0, 2),
  block: between(0, 2),
  logs: between(0, 2),
  password: between(0, 2),
  web: between(0, 2),
  old: between(0, 2),
})
export type Wants = typeof Wants.Type

/** A resource of form 0 is not wanted. From form 1 to form 2, some resources are updated and others replaced. */
export const resourcesOf = (forma: FormaName, wants: Wants): Resources => {
  const all: Record<keyof Wants, (form: string) => readonly [string, Properties]> = {
    net: (form) => ["FakeAWS::EC2::VPC", { CidrBlock: `10.${form}.0.0/16` }],
    block: (form) => [
      "FakeAWS::EC2::VPCCidrBlock",
      { VpcId: wants.net === 0 ? "vpc-none" : { $ref: "net.VpcId" }, CidrBlock: `10.9.${form}.0/24` },
    ],
    logs: (form) => ["FakeAWS::S3::Bucket", { BucketName: `${forma}-logs`, Tags: [{ Key: "form", Value: form }] }],
    password: (form) => [
      "FakeAWS::SecretsManager::Secret",
      { Name: `${forma}-password`, SecretString: `secret ${form}` },
    ],
    web: (form) => [
      "FakeAWS::EC2::Instance",
      {
        ImageId: "ami-1",
        InstanceType: `t${form}.micro`,
        ...(wants.logs === 0 ? {} : { Tags: [{ Key: "logs", Value: { $ref: "logs.Arn" } }] }),
      },
    ],
    old: (form) => ["FakeAWS::Legacy::Widget", { Model: `${forma} m`, Size: Number(form) }],
  }
  const labels = Object.keys(all) as ReadonlyArray<keyof Wants>
  return Object.fromEntries(
    labels
      // A block without its network cannot be created, and would be tried forever.
      .filter((label) => wants[label] > 0 && (label !== "block" || wants.net > 0))
      .map((label) => [label, all[label](String(wants[label]))]),
  )
}

/** What dies, and at which step of the command. */
export const Death = Schema.Struct({ step: between(1, 60), victim: Schema.Literals(victims) })
export type Death = typeof Death.Type

/** A provider that certainly fails does so before it has done anything. One that has done its work may report that it is not sure. */
export const ProviderFault = Schema.Union([
  Schema.Struct({
    operation: Schema.Literals(["create", "read", "update", "delete"]),
    when: Schema.Literal("before"),
    code: Schema.Literals(["Throttling", "AccessDenied", "NetworkFailure"]),
    times: between(1, 3),
  }),
  Schema.Struct({
    operation: Schema.Literals(["create", "update", "delete"]),
    when: Schema.Literal("after"),
    code: Schema.Literals(["ServiceInternalError", "NetworkFailure", "ServiceTimeout"]),
    times: between(1, 3),
  }),
])
export type ProviderFault = typeof ProviderFault.Type

/**
 * What a signal does to a command: the first one asks it to stop, the second one
 * interrupts it. An agent that leaves its work to a successor is interrupted too.
 */
export const Signal = Schema.Struct({
  /** The number of events after which it comes. */
  after: between(1, 12),
  kind: Schema.Literals(["stop", "stop, then interrupt", "interrupt", "leave"]),
})
export type Signal = typeof Signal.Type

const interruptions = {
  death: Schema.optionalKey(Death),
  signal: Schema.optionalKey(Signal),
}

export const Act = Schema.TaggedUnion({
  Apply: {
    forma: FormaName,
    wants: Wants,
    settleMillis: Schema.Literals([0, 40, 300]),
    faults: Schema.Array(ProviderFault).check(Schema.isMaxLength(2)),
    ...interruptions,
  },
  Destroy: { forma: FormaName, ...interruptions },
  /** Of both formae, or of one alone. */
  Resume: { forma: Schema.optionalKey(FormaName), ...interruptions },
  /** A resource in the cloud is deleted or changed without the agent. */
  Elsewhere: { what: Schema.Literals(["delete", "change"]), which: between(0, 9) },
})
export type Act = typeof Act.Type

export const History = Schema.Array(Act).check(Schema.isMinLength(1), Schema.isMaxLength(6))
export type History = typeof History.Type
