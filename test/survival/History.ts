/** Random histories: what is applied, destroyed and resumed, what fails meanwhile, and what is killed. */
import * as Schema from "effect/Schema"
import type { Properties } from "../../src/protocol/Resource.ts"
import { victims } from "../../src/testing/Reaper.ts"
import type { MovedLabel } from "../../src/agent/forma/FormaDocument.ts"
import type { Resources } from "../agent/shop.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Two formae in one state and one cloud. */
export const FormaName = Schema.Literals(["left", "right"])
export type FormaName = typeof FormaName.Type

/** The buckets that a forma may want. Both formae may want the one that is common. */
const buckets = ["logs", "films", "common"] as const
type BucketKey = (typeof buckets)[number]

/** The orders in which the buckets may have the three labels: as they are, two of them swapped, or all three in a circle. */
const labelOrders: ReadonlyArray<readonly [string, string, string]> = [
  ["logs", "films", "common"],
  ["films", "logs", "common"],
  ["logs", "common", "films"],
  ["common", "films", "logs"],
  ["films", "common", "logs"],
  ["common", "logs", "films"],
]

/** Which resources are wanted, each in one of two forms, and under which labels. */
export const Wants = Schema.Struct({
  net: between(0, 2),
  /** The label of `net`. The document states the move from the other one, always. */
  netLabel: Schema.Literals(["net", "network"]),
  block: between(0, 2),
  logs: between(0, 2),
  films: between(0, 2),
  common: between(0, 2),
  /** Which of `labelOrders` the buckets have. One that is not wanted leaves its label free. */
  bucketLabels: between(0, labelOrders.length - 1),
  password: between(0, 2),
  web: between(0, 2),
  old: between(0, 2),
})
export type Wants = typeof Wants.Type

export const nothing: Wants = {
  net: 0,
  netLabel: "net",
  block: 0,
  logs: 0,
  films: 0,
  common: 0,
  bucketLabels: 0,
  password: 0,
  web: 0,
  old: 0,
}

/** The native id of the bucket that both formae may want. */
export const commonBucket = "common"

export const labelOfBucket = (bucket: BucketKey, { bucketLabels }: Wants): string =>
  labelOrders[bucketLabels]?.[buckets.indexOf(bucket)] ?? bucket

const nameOfBucket = (forma: FormaName, bucket: BucketKey): string =>
  bucket === "common" ? commonBucket : `${forma}-${bucket}`

type Entry = readonly [label: string, resource: Resources[string]]

/** A resource of form 0 is not wanted. From form 1 to form 2, some resources are updated and others replaced. */
export const resourcesOf = (forma: FormaName, wants: Wants): Resources => {
  const { block, net, netLabel, old, password, web } = wants
  const entry = (form: number, label: string, type: string, properties: Properties): ReadonlyArray<Entry> =>
    form === 0 ? [] : [[label, [type, properties]]]
  const logs = { Key: "logs", Value: { $ref: `${labelOfBucket("logs", wants)}.Arn` } }
  return Object.fromEntries([
    ...entry(net, netLabel, "FakeAWS::EC2::VPC", { CidrBlock: `10.${net}.0.0/16` }),
    // A block without its network cannot be created, and would be tried forever.
    ...entry(net === 0 ? 0 : block, "block", "FakeAWS::EC2::VPCCidrBlock", {
      VpcId: { $ref: `${netLabel}.VpcId` },
      CidrBlock: `10.9.${block}.0/24`,
    }),
    ...buckets.flatMap((bucket) =>
      entry(wants[bucket], labelOfBucket(bucket, wants), "FakeAWS::S3::Bucket", {
        BucketName: nameOfBucket(forma, bucket),
        Tags: [{ Key: "form", Value: String(wants[bucket]) }],
      }),
    ),
    ...entry(password, "password", "FakeAWS::SecretsManager::Secret", {
      Name: `${forma}-password`,
      SecretString: `secret ${password}`,
    }),
    ...entry(web, "web", "FakeAWS::EC2::Instance", {
      ImageId: "ami-1",
      InstanceType: `t${web}.micro`,
      ...(wants.logs === 0 ? {} : { Tags: [logs] }),
    }),
    ...entry(old, "old", "FakeAWS::Legacy::Widget", { Model: `${forma} m`, Size: old }),
  ])
}

/** The moves that the document states. */
export const movesOf = ({ net, netLabel }: Wants): ReadonlyArray<MovedLabel> =>
  net === 0 ? [] : [{ from: netLabel === "net" ? "network" : "net", to: netLabel }]

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
