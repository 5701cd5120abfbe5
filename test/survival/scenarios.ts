/** What is cut off: an initial state, and a command that changes it. */
import type { MovedLabel } from "../../src/agent/forma/FormaDocument.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { type Resources, shop, without } from "../agent/shop.ts"

export interface Scenario {
  readonly name: string
  /** What is applied first, with nothing killed. */
  readonly before: Resources
  /** What is applied while something is killed. Undefined if everything is destroyed. */
  readonly wanted: Resources | undefined
  /** The moves that the second document states. If there are any, labels are renamed, and nothing is made or deleted. */
  readonly moved?: ReadonlyArray<MovedLabel>
  /** Another document, which uses the outputs of this one. It is applied after it each time. */
  readonly user?: { readonly outputs: Properties; readonly resources: Resources }
  /** What the second apply is limited to, and the names of the buckets that it must leave as they are. */
  readonly only?: { readonly labels: ReadonlyArray<string>; readonly spares: ReadonlyArray<string> }
  /** Whether replacements create first. */
  readonly createsFirst?: true
  /** Zero, or more than the first polls take: a create that may be ready at any of them would take different steps each time. */
  readonly settleMillis: number
}

const tagged = (value: string): Resources => ({
  logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "of", Value: value }] }],
})
const network = (cidr: string): Resources => ({
  net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
})
/** One resource for each kind of idempotency. */
const ofEachClass: Resources = {
  byName: ["FakeAWS::S3::Bucket", { BucketName: "by-name" }],
  byToken: ["FakeAWS::SecretsManager::Secret", { Name: "by-token", SecretString: "s3cr3t" }],
  byTag: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro" }],
  byNothing: ["FakeAWS::Legacy::Widget", { Model: "m" }],
}

/** The same, with names that are made. */
const nameless: Resources = {
  ...ofEachClass,
  byName: ["FakeAWS::S3::Bucket", {}],
  byToken: ["FakeAWS::SecretsManager::Secret", { SecretString: "s3cr3t" }],
}

/** A network, and what is updated when it is another one. */
const dependent = (cidr: string): Resources => ({
  net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
  logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "net", Value: { $ref: "net.VpcId" } }] }],
})

/** A network, whose id another document takes into a tag. */
const alone = (cidr: string): Resources => ({ net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }] })
const userOfNetwork = {
  outputs: { vpcId: { $ref: "net.VpcId" } },
  resources: {
    logs: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "net", Value: { $output: "shop.vpcId" } }] }],
  },
} as const satisfies Scenario["user"]

/** A network and its block, a bucket that is deleted by its label, and two that are left alone. */
const limited = (cidr: string, tag: string): Resources => ({
  ...network(cidr),
  stays: ["FakeAWS::S3::Bucket", { BucketName: "stays", Tags: [{ Key: "of", Value: tag }] }],
})

/** Two buckets, a network, and what refers to them, under labels that may be renamed. */
const renamed = (films: string, logs: string, net: string, size: string): Resources => ({
  [films]: ["FakeAWS::S3::Bucket", { BucketName: "films" }],
  [logs]: ["FakeAWS::S3::Bucket", { BucketName: "logs", Tags: [{ Key: "films", Value: { $ref: `${films}.Arn` } }] }],
  [net]: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16" }],
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: `${net}.VpcId` }, CidrBlock: "10.1.0.0/16" }],
  web: [
    "FakeAWS::EC2::Instance",
    { ImageId: "ami-1", InstanceType: size, Tags: [{ Key: "logs", Value: { $ref: `${logs}.Arn` } }] },
  ],
})

export const scenarios: ReadonlyArray<Scenario> = [
  { name: "create", before: {}, wanted: ofEachClass, settleMillis: 0 },
  { name: "asynchronous create without names", before: {}, wanted: nameless, settleMillis: 300 },
  { name: "update", before: tagged("before"), wanted: tagged("after"), settleMillis: 0 },
  { name: "delete", before: network("10.0.0.0/16"), wanted: without(network("10.0.0.0/16"), "block"), settleMillis: 0 },
  { name: "replace", before: network("10.0.0.0/16"), wanted: network("10.2.0.0/16"), settleMillis: 0 },
  {
    name: "replace, created first",
    before: dependent("10.0.0.0/16"),
    wanted: dependent("10.2.0.0/16"),
    createsFirst: true,
    settleMillis: 0,
  },
  {
    name: "replace, and another document uses an output of it",
    before: alone("10.0.0.0/16"),
    wanted: alone("10.2.0.0/16"),
    user: userOfNetwork,
    settleMillis: 0,
  },
  {
    name: "replace and delete, limited to some labels",
    before: {
      ...limited("10.0.0.0/16", "before"),
      gone: ["FakeAWS::S3::Bucket", { BucketName: "gone" }],
      forgotten: ["FakeAWS::S3::Bucket", { BucketName: "forgotten" }],
    },
    wanted: limited("10.2.0.0/16", "after"),
    only: { labels: ["net", "gone"], spares: ["stays", "forgotten"] },
    settleMillis: 0,
  },
  {
    name: "labels that are swapped, renamed and moved",
    before: renamed("films", "logs", "net", "t3.micro"),
    wanted: renamed("logs", "films", "network", "t4.micro"),
    moved: [{ from: "net", to: "network" }],
    settleMillis: 0,
  },
  { name: "ten resources", before: {}, wanted: shop, settleMillis: 300 },
  { name: "destroy", before: shop, wanted: undefined, settleMillis: 0 },
]

/** Those of one document, which a command takes as a whole. */
export const ofOneDocument = scenarios.filter(({ only, user }) => user === undefined && only === undefined)
